/*---
title: Next traffic peak
question: When is the next hour of peak traffic to be expected, and how high?
ja: { title: 次の通信のピーク, question: 次に通信が多くなるのは何時ごろで、どれくらいか? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Hours after the present one whose mean over past weeks is nearly the highest of the week, each at its next occurrence, in UTC. The band
  is so many standard deviations around the mean; one week alone has none. Accepted traffic. Bytes of every record. What two logged
  interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -56d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: Moment to look ahead from; history ends there. }
  - { name: share, type: number, default: "0.9", doc: Share of the highest hour of the week from which an hour is a peak. }
  - { name: band, type: number, default: "2", doc: Standard deviations from the mean to the edge of the band. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "5", doc: Rows at most. }
chart: { type: table, axis: peak_at, measure: expected_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 110 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 130 1791417600 1791417660 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 116 1792026000 1792026060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 130 1791504000 1791504060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 125 1791536400 1791536460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792029600 1792029660 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
sample_parameters: { band: "0.5" }
expected:
  - { peak_at: 2026-10-16 09:00:00, weeks: 1, expected_bytes: 125, lower_bytes: null, upper_bytes: null }
  - { peak_at: 2026-10-22 00:00:00, weeks: 2, expected_bytes: 120, lower_bytes: 113, upper_bytes: 127 }
  - { peak_at: 2026-10-23 00:00:00, weeks: 1, expected_bytes: 130, lower_bytes: null, upper_bytes: null }
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
),
slots as (
  select
    mod(date_diff('day', timestamp '1970-01-05 00:00:00', date_trunc('day', time)), 7) as day_of_week,
    extract(hour from time) as hour_of_day,
    count(*) as weeks,
    avg(total_bytes) as mean,
    stddev_samp(total_bytes) as spread
  from hours
  group by 1, 2
),
ahead as (
  select
    mod(day_of_week - mod(date_diff('day', timestamp '1970-01-05 00:00:00', date_trunc('day', $to)), 7) + 7, 7) as days_ahead,
    hour_of_day,
    weeks,
    mean,
    spread,
    max(mean) over () as highest
  from slots
),
upcoming as (
  select
    case days
      when 0 then date_trunc('day', $to)
      when 1 then date_trunc('day', $to) + interval '1' day
      when 2 then date_trunc('day', $to) + interval '2' day
      when 3 then date_trunc('day', $to) + interval '3' day
      when 4 then date_trunc('day', $to) + interval '4' day
      when 5 then date_trunc('day', $to) + interval '5' day
      when 6 then date_trunc('day', $to) + interval '6' day
      when 7 then date_trunc('day', $to) + interval '7' day
    end as day,
    hour_of_day,
    weeks,
    mean,
    spread
  from (
    select
      case when days_ahead = 0 and hour_of_day <= extract(hour from $to) then 7 else days_ahead end as days,
      hour_of_day,
      weeks,
      mean,
      spread
    from ahead
    where mean >= $share * highest
  ) as peaks
)
select
  cast(cast(cast(day as date) as varchar) || ' ' || lpad(cast(hour_of_day as varchar), 2, '0') || ':00:00' as timestamp) as peak_at,
  weeks,
  round(mean) as expected_bytes,
  case when weeks > 1 then round(greatest(mean - $band * spread, 0)) end as lower_bytes,
  case when weeks > 1 then round(mean + $band * spread) end as upper_bytes
from upcoming
order by peak_at
limit $limit
