/*---
title: Traffic by weekday and hour
question: At which hours of the week is there the most traffic?
ja: { title: 曜日と時間帯別の通信量, question: 通信が最も多いのは何曜日の何時か? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic by weekday, 1 for Monday to 7 for Sunday, and hour in UTC. A total over the time range: choose whole weeks, or a
  weekday that occurs once more looks busier. Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or
  more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: heatmap, axis: hour_of_day, measure: total_bytes, series: weekday }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 1 50 1791417600 1791417660 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 70 1791763200 1791763260 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 20 1791759600 1791759660 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { weekday: 1, hour_of_day: 0, total_bytes: 70 }
  - { weekday: 4, hour_of_day: 0, total_bytes: 150 }
  - { weekday: 7, hour_of_day: 23, total_bytes: 20 }
---*/
select
  mod(date_diff('day', timestamp '1970-01-05 00:00:00', date_trunc('day', time)), 7) + 1 as weekday,
  extract(hour from time) as hour_of_day,
  sum(bytes) as total_bytes
from (
  select "start" as time, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select hour as time, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by 1, 2
order by 1, 2
