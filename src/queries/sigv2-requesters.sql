/*---
title: Requesters with old signatures
question: Who still signs requests with Signature Version 2?
ja: { title: 古い署名を使うリクエスタ, question: 署名バージョン 2 をまだ使っているのは誰か? }
source: Athena user guide (Signature Version 2 requesters)
log_types: [s3_access_logs]
counts: >-
  Lines, failed requests too. AWS delivers some lines twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: requester, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "old-sdk" - - SigV2
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "old-sdk" - - SigV2
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - SigV4
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - SigV2
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - SigV2
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - SigV2
sample_parameters: { bucket: acme }
expected:
  - { requester: alice, bucket_name: acme, useragent: old-sdk, requests: 2, last_seen: 2026-10-15 11:00:00 }
---*/
select requester, bucket_name, useragent, count(*) as requests, max(requestdatetime) as last_seen
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and sigv = 'SigV2'
  and ($bucket = '' or bucket_name = $bucket)
group by requester, bucket_name, useragent
order by requests desc, requester, bucket_name, useragent
limit $limit
