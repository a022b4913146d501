/*---
title: Top talkers by interface
question: At which network interfaces were the most bytes let through?
ja: { title: インターフェイス別の通信量, question: 最も多くのバイトが許可されたネットワークインターフェイスはどれか? }
source: Snowflake quickstart "Amazon VPC flow logs", tile "Biggest talkers by ENI"
log_types: [vpc_flow_logs]
counts: >-
  Bytes of every record of the interface, in and out. Traffic between two interfaces counts at both, and what two flow logs recorded
  counts twice. Without an interface: regional NAT gateways.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: interface_id, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-b 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-b 10.0.0.2 10.0.0.1 443 50000 6 1 150 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.5 50000 22 6 1 900 1792022400 1792022460 REJECT OK
    eni-c 10.0.0.1 10.0.0.5 50000 443 6 1 900 1700000000 1700000060 ACCEPT OK
    eni-c 10.0.0.1 10.0.0.5 50000 443 6 1 900 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { interface_id: eni-b, total_bytes: 250 }
  - { interface_id: eni-a, total_bytes: 100 }
---*/
select interface_id, sum(bytes) as total_bytes
from vpc_flow_logs
where "start" >= $from and "start" < $to and action = 'ACCEPT'
group by interface_id
order by total_bytes desc, interface_id
limit $limit
