/*---
title: Requests by operation
question: What do people and programs do with the buckets?
ja: { title: 操作別のリクエスト, question: バケットに対してどのような操作が行われているか? }
source: Millrace
log_types: [s3_access_logs]
counts: >-
  Lines, lifecycle actions too. A deletion of many objects has one line for the request and one for each object, a copy one at each end.
  Requests without signing in have no requester and are not among requesters. AWS delivers some lines twice and some never;
  duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: operation, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 404 NoSuchKey - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.PUT.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - AmazonS3 R4 S3.EXPIRE.OBJECT a.txt "-" - - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { operation: REST.GET.OBJECT, requests: 2, failed: 1, requesters: 1 }
  - { operation: REST.PUT.OBJECT, requests: 1, failed: 0, requesters: 1 }
  - { operation: S3.EXPIRE.OBJECT, requests: 1, failed: 0, requesters: 1 }
---*/
select
  operation,
  count(*) as requests,
  sum(case when httpstatus >= 400 then 1 else 0 end) as failed,
  count(distinct requester) as requesters
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and ($bucket = '' or bucket_name = $bucket)
group by operation
order by requests desc, operation
limit $limit
