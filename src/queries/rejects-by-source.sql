/*---
title: Rejects by source
question: Which addresses were refused most often?
ja: { title: 送信元別の拒否, question: 最も多く拒否されたアドレスはどれか? }
source: Snowflake quickstart "Amazon VPC flow logs", tile "Reject Count"
log_types: [vpc_flow_logs]
counts: >-
  Records, not packets: one for each interval in which an interface refused the same addresses and ports. With each_flow_once, one for
  each hour, whatever number of interfaces, flow logs and intervals recorded it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: srcaddr, measure: rejects }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 203.0.113.9 10.0.0.1 50000 22 6 5 100 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.1 50001 22 6 1 100 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.7 10.0.0.1 50000 22 6 9 900 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.7 10.0.0.1 50000 443 6 9 900 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.7 10.0.0.1 50000 22 6 9 900 1700000000 1700000060 REJECT OK
    eni-a 203.0.113.7 10.0.0.1 50000 23 6 9 900 1792108800 1792108860 REJECT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { srcaddr: 203.0.113.9, rejects: 2 }
  - { srcaddr: 203.0.113.7, rejects: 1 }
---*/
select srcaddr, count(*) as rejects
from (
  select srcaddr
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'REJECT'
  union all
  select srcaddr
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'REJECT'
) as refused
group by srcaddr
order by rejects desc, srcaddr
limit $limit
