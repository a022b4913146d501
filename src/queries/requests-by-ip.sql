/*---
title: Requests by IP address
question: Which addresses sent the most requests?
ja: { title: IP アドレス別のリクエスト, question: 最も多くリクエストを送ったアドレスはどれか? }
source: Snowflake quickstart "S3 access logs"
log_types: [s3_access_logs]
counts: >-
  Lines with an address, failed requests too; what S3 does by itself, such as lifecycle actions, has none. AWS delivers some lines twice
  and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: remoteip, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 2001:db8::7 alice R3 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - alice R4 S3.EXPIRE.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R5 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R6 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R7 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { remoteip: 192.0.2.3, requests: 2, refused: 1 }
  - { remoteip: "2001:db8::7", requests: 1, refused: 0 }
---*/
select remoteip, count(*) as requests, sum(case when httpstatus = 403 then 1 else 0 end) as refused
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and remoteip is not null
  and ($bucket = '' or bucket_name = $bucket)
group by remoteip
order by requests desc, remoteip
limit $limit
