/*---
title: Accepted and rejected over time
question: How much traffic was let through and how much refused in each hour or day?
ja: { title: 許可と拒否の推移, question: 1 時間または 1 日ごとに、どれだけの通信が許可され、どれだけ拒否されたか? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Flows are records: one for each interface and interval. With each_flow_once they are hours in which addresses and ports met, whatever
  number of interfaces and flow logs recorded it, and bytes are those at the interface that saw most.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: step, type: text, default: hour, doc: "Length of a step: hour, day, week or month." }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: stacked, axis: time, measure: flows, series: action }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 2 50 1792025990 1792026050 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 1 40 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 70 1792026000 1792026060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { time: 2026-10-15 00:00:00, action: ACCEPT, flows: 2, total_bytes: 150 }
  - { time: 2026-10-15 00:00:00, action: REJECT, flows: 1, total_bytes: 40 }
  - { time: 2026-10-15 01:00:00, action: ACCEPT, flows: 1, total_bytes: 70 }
---*/
select time, action, count(*) as flows, sum(bytes) as total_bytes
from (
  select date_trunc($step, "start") as time, action, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action in ('ACCEPT', 'REJECT')
  union all
  select date_trunc($step, hour) as time, action, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to
) as traffic
group by time, action
order by time, action
