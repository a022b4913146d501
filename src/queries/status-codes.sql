/*---
title: Status codes over time
question: How did requests end in each hour or day?
ja: { title: ステータスコードの推移, question: 1 時間または 1 日ごとに、リクエストはどのような結果になったか? }
source: Millrace
log_types: [s3_access_logs]
counts: >-
  Lines with a status, at the time the request came; what S3 does by itself has none. AWS delivers some lines twice and some never;
  duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: step, type: text, default: hour, doc: "Length of a step: hour, day, week or month." }
chart: { type: stacked, axis: time, measure: requests, series: httpstatus }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:59:59 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT a.txt "-" 404 NoSuchKey - - - - "-" "-" -
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - alice R5 S3.EXPIRE.OBJECT a.txt "-" - - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { time: 2026-10-15 10:00:00, httpstatus: 200, requests: 2 }
  - { time: 2026-10-15 10:00:00, httpstatus: 404, requests: 1 }
  - { time: 2026-10-15 11:00:00, httpstatus: 200, requests: 1 }
---*/
select time, httpstatus, count(*) as requests
from (
  select date_trunc($step, requestdatetime) as time, httpstatus
  from s3_access_logs
  where requestdatetime >= $from and requestdatetime < $to and httpstatus is not null
    and ($bucket = '' or bucket_name = $bucket)
) as answers
group by time, httpstatus
order by time, httpstatus
