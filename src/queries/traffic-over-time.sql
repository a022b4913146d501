/*---
title: Traffic over time
question: How many bytes were let through in each hour or day?
ja: { title: 通信量の推移, question: 1 時間または 1 日ごとに、何バイトの通信が許可されたか? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic; a record counts where it begins. Steps without any have no row. Bytes of every record. What two logged interfaces or
  two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: step, type: text, default: hour, doc: "Length of a step: hour, day, week or month." }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: area, axis: time, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 2 50 1792025990 1792026050 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 70 1792026000 1792026060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { time: 2026-10-15 00:00:00, total_bytes: 150, total_packets: 3 }
  - { time: 2026-10-15 01:00:00, total_bytes: 70, total_packets: 1 }
---*/
select time, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select date_trunc($step, "start") as time, bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select date_trunc($step, hour) as time, bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by time
order by time
