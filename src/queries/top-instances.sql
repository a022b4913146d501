/*---
title: Top talking instances
question: At which EC2 instances were the most bytes let through?
ja: { title: インスタンス別の通信量, question: 最も多くのバイトが許可された EC2 インスタンスはどれか? }
source: Athena VpcFlowLogsTopTalkingInstances
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic, bytes of every record, in and out: traffic between two logged interfaces counts at both, and what two flow logs
  recorded counts twice. Interfaces that belong to no instance are left out.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: instance_id, measure: total_bytes }
sample:
  flows.log: |
    instance-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    i-0a eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    i-0a eni-b 10.0.0.3 10.0.0.2 50000 443 6 2 50 1792022400 1792022460 ACCEPT OK
    i-0b eni-c 10.0.0.2 10.0.0.1 443 50000 6 1 120 1792022400 1792022460 ACCEPT OK
    - eni-d 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1792022400 1792022460 ACCEPT OK
    i-0b eni-c 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1792022400 1792022460 REJECT OK
    i-0b eni-c 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1700000000 1700000060 ACCEPT OK
    i-0b eni-c 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1792108800 1792108860 ACCEPT OK
    i-0b eni-c - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { instance_id: i-0a, total_bytes: 150, total_packets: 3 }
  - { instance_id: i-0b, total_bytes: 120, total_packets: 1 }
---*/
select instance_id, sum(bytes) as total_bytes, sum(packets) as total_packets
from vpc_flow_logs
where "start" >= $from and "start" < $to and action = 'ACCEPT' and instance_id is not null
group by instance_id
order by total_bytes desc, instance_id
limit $limit
