/*---
title: Deleted objects
question: Who deleted which object, and when?
ja: { title: 削除されたオブジェクト, question: 誰がいつ、どのオブジェクトを削除したか? }
source: Snowflake quickstart "S3 access logs"; Athena user guide (who deleted an object)
log_types: [s3_access_logs]
counts: >-
  Deletions that succeeded, those of lifecycle rules and each object of a batch among them. Without a version id, a bucket with
  versioning keeps the object behind a delete marker. AWS delivers some lines twice and some never; duplicate-requests lists those
  delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: key, type: text, default: "", doc: "Only this object, by its key as logged or decoded; empty for all." }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.DELETE.OBJECT a%2520b.txt "-" 204 - - - - - "-" "-" -
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 bob R2 BATCH.DELETE.OBJECT a%2520b.txt "-" 204 - - - - - "-" "-" -
    o acme [15/Oct/2026:12:00:00 +0000] - AmazonS3 R3 S3.EXPIRE.OBJECT a%2520b.txt "-" - - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.POST.MULTI_OBJECT_DELETE - "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.DELETE.OBJECT a%2520b.txt "-" 403 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.DELETE.OBJECT other.txt "-" 204 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R6 REST.DELETE.OBJECT_TAGGING a%2520b.txt "-" 204 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R7 REST.DELETE.OBJECT a%2520b.txt "-" 204 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R8 REST.DELETE.OBJECT a%2520b.txt "-" 204 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R9 REST.DELETE.OBJECT a%2520b.txt "-" 204 - - - - - "-" "-" -
sample_parameters: { bucket: acme, key: a b.txt }
expected:
  - requestdatetime: 2026-10-15 12:00:00
    bucket_name: acme
    object_key: a b.txt
    versionid: null
    operation: S3.EXPIRE.OBJECT
    requester: AmazonS3
    remoteip: null
  - requestdatetime: 2026-10-15 11:00:00
    bucket_name: acme
    object_key: a b.txt
    versionid: null
    operation: BATCH.DELETE.OBJECT
    requester: bob
    remoteip: 192.0.2.3
  - requestdatetime: 2026-10-15 10:00:00
    bucket_name: acme
    object_key: a b.txt
    versionid: null
    operation: REST.DELETE.OBJECT
    requester: alice
    remoteip: 192.0.2.3
---*/
select requestdatetime, bucket_name, object_key, versionid, operation, requester, remoteip
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and operation in ('REST.DELETE.OBJECT', 'BATCH.DELETE.OBJECT', 'SOAP.DELETE.OBJECT', 'S3.EXPIRE.OBJECT', 'S3.CREATE.DELETEMARKER')
  and (httpstatus is null or httpstatus between 200 and 299)
  and ($bucket = '' or bucket_name = $bucket)
  and ($key = '' or key = $key or object_key = $key)
order by requestdatetime desc, bucket_name, object_key, operation, requestid
limit $limit
