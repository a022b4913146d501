/*---
title: Missing records
question: At which interfaces did AWS lose records, and which had no traffic?
ja: { title: 欠けているレコード, question: AWS がレコードを記録できなかったインターフェイスと、通信のなかったインターフェイスは? }
source: Panther AWS.VPC.HealthyLogStatus
log_types: [vpc_flow_logs]
counts: >-
  Skipped are intervals with SKIPDATA: AWS lost records, and one such line may stand for many flows, so totals of those intervals are too
  small. Empty are intervals with NODATA, in which nothing passed. Complete are the records of traffic.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: interface_id, measure: skipped }
sample:
  flows.log: |
    account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    111122223333 eni-a - - - - - - - 1792022400 1792022460 - SKIPDATA
    111122223333 eni-a - - - - - - - 1792026000 1792026060 - SKIPDATA
    111122223333 eni-a - - - - - - - 1792029600 1792029660 - NODATA
    111122223333 eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    111122223333 eni-b - - - - - - - 1792022400 1792022460 - NODATA
    111122223333 eni-c 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    111122223333 eni-c - - - - - - - 1700000000 1700000060 - SKIPDATA
    111122223333 eni-c - - - - - - - 1792108800 1792108860 - SKIPDATA
expected:
  - account_id: "111122223333"
    interface_id: eni-a
    skipped: 2
    empty: 1
    complete: 1
    first_skipped: 2026-10-15 00:00:00
    last_skipped: 2026-10-15 01:01:00
  - account_id: "111122223333"
    interface_id: eni-b
    skipped: 0
    empty: 1
    complete: 0
    first_skipped: null
    last_skipped: null
---*/
select
  account_id,
  interface_id,
  sum(case when log_status = 'SKIPDATA' then 1 else 0 end) as skipped,
  sum(case when log_status = 'NODATA' then 1 else 0 end) as empty,
  sum(case when log_status = 'OK' then 1 else 0 end) as complete,
  min(case when log_status = 'SKIPDATA' then "start" end) as first_skipped,
  max(case when log_status = 'SKIPDATA' then "end" end) as last_skipped
from vpc_flow_logs
where "start" >= $from and "start" < $to
group by account_id, interface_id
having sum(case when log_status in ('SKIPDATA', 'NODATA') then 1 else 0 end) > 0
order by skipped desc, empty desc, account_id, interface_id
limit $limit
