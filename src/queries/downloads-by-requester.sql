/*---
title: Downloads by requester
question: Who read objects, how many and how much?
ja: { title: リクエスタ別のダウンロード, question: 誰がオブジェクトを、何回、どれだけ読み取ったか? }
source: Athena user guide (GET requesters)
log_types: [s3_access_logs]
counts: >-
  Requests that succeeded, and the bytes that S3 sent, which is less than the object for a request of a range. No requester means that
  nobody signed in. AWS delivers some lines twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: requester, measure: downloaded_bytes }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - 10 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 200 - 20 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT b.txt "-" 200 - 30 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 403 AccessDenied 900 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.PUT.OBJECT a.txt "-" 200 - 900 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R6 WEBSITE.GET.OBJECT a.txt "-" 200 - 5 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R7 REST.HEAD.OBJECT a.txt "-" 200 - 900 9000 - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - 900 9000 - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - 900 9000 - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - 900 9000 - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { requester: alice, downloads: 3, objects: 2, downloaded_bytes: 60 }
  - { requester: null, downloads: 1, objects: 1, downloaded_bytes: 5 }
---*/
select
  requester,
  count(*) as downloads,
  count(distinct bucket_name || '/' || key) as objects,
  sum(coalesce(bytessent, 0)) as downloaded_bytes
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and operation in ('REST.GET.OBJECT', 'WEBSITE.GET.OBJECT')
  and httpstatus between 200 and 299
  and ($bucket = '' or bucket_name = $bucket)
group by requester
order by downloaded_bytes desc, requester
limit $limit
