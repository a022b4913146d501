/*---
title: Top TCP traffic
question: Which addresses sent the most TCP traffic that was let through?
ja: { title: TCP の送信元別の通信量, question: 許可された TCP 通信を最も多く送ったアドレスはどれか? }
source: Athena VpcFlowLogsTopTCPTraffic
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic. Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or more; each_flow_once
  counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.3 50001 443 6 2 50 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 1 120 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 53 50000 17 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { srcaddr: 10.0.0.1, total_bytes: 150, total_packets: 3 }
  - { srcaddr: 10.0.0.2, total_bytes: 120, total_packets: 1 }
---*/
select srcaddr, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select srcaddr, bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT' and protocol = 6
  union all
  select srcaddr, bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT' and protocol = 6
) as traffic
group by srcaddr
order by total_bytes desc, srcaddr
limit $limit
