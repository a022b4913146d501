/*---
title: Top talkers by source
question: Which addresses sent the most bytes that were let through?
ja: { title: 送信元別の通信量, question: 許可された通信で最も多くのバイトを送ったアドレスはどれか? }
source: Snowflake quickstart "Amazon VPC flow logs", tile "Biggest talkers by source"; Athena VpcFlowLogsTopTalkers
log_types: [vpc_flow_logs]
counts: >-
  Bytes of every record. Traffic between two interfaces that are both logged is recorded at each, and twice more where flow logs
  overlap; with each_flow_once it is counted once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-b 10.0.0.1 10.0.0.4 50000 443 6 1 20 1792022405 1792022465 ACCEPT OK
    eni-b 10.0.0.2 10.0.0.1 443 50000 6 1 150 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.3 10.0.0.1 50001 22 6 1 900 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.4 10.0.0.1 50001 443 6 1 900 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.4 10.0.0.1 50001 443 6 1 900 1792108800 1792108860 ACCEPT OK
expected:
  - { srcaddr: 10.0.0.2, total_bytes: 150 }
  - { srcaddr: 10.0.0.1, total_bytes: 120 }
---*/
select srcaddr, sum(bytes) as total_bytes
from (
  select srcaddr, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select srcaddr, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by srcaddr
order by total_bytes desc, srcaddr
limit $limit
