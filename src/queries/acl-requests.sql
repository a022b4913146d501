/*---
title: Requests that needed an ACL
question: Which requests would fail if ACLs were switched off?
ja: { title: ACL が必要だったリクエスト, question: ACL を無効にすると失敗するのはどのリクエストか? }
source: Athena user guide (requests that needed an ACL)
log_types: [s3_access_logs]
counts: >-
  Requests that succeeded and that only an ACL allowed. Lines from before AWS logged this have nothing to tell. AWS delivers some lines
  twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: requester, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - - - - Yes
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT b.txt "-" 200 - - - - - "-" "-" - - - - - - - - Yes
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - - - - - us-east-1
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" - - - - - - - - Yes
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - - - - Yes
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - - - - Yes
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - - - - Yes
sample_parameters: { bucket: acme }
expected:
  - { bucket_name: acme, requester: alice, operation: REST.GET.OBJECT, requests: 2, objects: 2, last_seen: 2026-10-15 11:00:00 }
---*/
select
  bucket_name,
  requester,
  operation,
  count(*) as requests,
  count(distinct key) as objects,
  max(requestdatetime) as last_seen
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and aclrequired = 'Yes' and httpstatus < 400
  and ($bucket = '' or bucket_name = $bucket)
group by bucket_name, requester, operation
order by requests desc, bucket_name, requester, operation
limit $limit
