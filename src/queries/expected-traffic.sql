/*---
title: Expected traffic by hour of the week
question: How much traffic is usual at each hour of the week, and between which bounds?
ja: { title: 曜日と時間帯別の通常の通信量, question: 曜日と時間帯ごとの通常の通信量と、その上限・下限は? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic of whole hours, in UTC; hour 0 of the week is Monday midnight. Mean over the weeks in which anything was recorded in
  that hour, and the band of so many standard deviations around it; one week alone has none. Bytes of every record. What two logged
  interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -56d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: band, type: number, default: "2", doc: Standard deviations from the mean to the edge of the band. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: line, axis: hour_of_week, measure: expected_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 60 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 1 40 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 140 1791417600 1791417660 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 120 1790812800 1790812860 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 10 1791979200 1791979260 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792026000 1792026060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
sample_parameters: { to: "2026-10-15 01:30:00" }
expected:
  - { hour_of_week: 60, weekday: 3, hour_of_day: 12, weeks: 1, expected_bytes: 10, lower_bytes: null, upper_bytes: null }
  - { hour_of_week: 72, weekday: 4, hour_of_day: 0, weeks: 3, expected_bytes: 120, lower_bytes: 80, upper_bytes: 160 }
---*/
with hours as (
  select time, sum(bytes) as total_bytes
  from (
    select date_trunc('hour', "start") as time, bytes
    from vpc_flow_logs
    where not $each_flow_once and "start" >= date_trunc('hour', $from) and "start" < date_trunc('hour', $to) and action = 'ACCEPT'
    union all
    select hour as time, bytes
    from vpc_flows
    where $each_flow_once and hour >= date_trunc('hour', $from) and hour < date_trunc('hour', $to) and action = 'ACCEPT'
  ) as traffic
  group by time
)
select
  24 * day_of_week + hour_of_day as hour_of_week,
  day_of_week + 1 as weekday,
  hour_of_day,
  weeks,
  round(mean) as expected_bytes,
  case when weeks > 1 then round(greatest(mean - $band * spread, 0)) end as lower_bytes,
  case when weeks > 1 then round(mean + $band * spread) end as upper_bytes
from (
  select
    mod(date_diff('day', timestamp '1970-01-05 00:00:00', date_trunc('day', time)), 7) as day_of_week,
    extract(hour from time) as hour_of_day,
    count(*) as weeks,
    avg(total_bytes) as mean,
    stddev_samp(total_bytes) as spread
  from hours
  group by 1, 2
) as slots
order by hour_of_week
