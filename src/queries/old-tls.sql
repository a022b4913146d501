/*---
title: Old or no TLS
question: Who reaches buckets over outdated TLS, or without encryption?
ja: { title: 古い TLS・TLS なし, question: 古い TLS や暗号化なしでバケットにアクセスしているのは誰か? }
source: Tailpipe s3_object_accessed_using_insecure_tls_version; Panther AWS.S3.ServerAccess.Insecure
log_types: [s3_access_logs]
counts: >-
  Lines that came over TLS 1.1 or older, or over plain HTTP. Lines too old to have these fields are left out. AWS delivers some lines
  twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: remoteip, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.1
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSV1.1
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.2
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.3
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 bob R5 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - - - acme.s3.amazonaws.com
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R6 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - alice R7 S3.EXPIRE.OBJECT a.txt "-" - - - - - - "-" "-" - - - - - x
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.1
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.1
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" - - - X - - TLSv1.1
sample_parameters: { bucket: acme }
expected:
  - { tls: tlsv1.1, bucket_name: acme, requester: alice, remoteip: 192.0.2.3, useragent: null, requests: 2 }
  - { tls: none, bucket_name: acme, requester: bob, remoteip: 192.0.2.3, useragent: null, requests: 1 }
---*/
select tls, bucket_name, requester, remoteip, useragent, count(*) as requests
from (
  select coalesce(lower(tlsversion), 'none') as tls, bucket_name, requester, remoteip, useragent
  from s3_access_logs
  where requestdatetime >= $from and requestdatetime < $to and remoteip is not null
    and (tlsversion is not null or endpoint is not null)
    and ($bucket = '' or bucket_name = $bucket)
) as connections
where tls not in ('tlsv1.2', 'tlsv1.3')
group by tls, bucket_name, requester, remoteip, useragent
order by requests desc, tls, bucket_name, requester, remoteip, useragent
limit $limit
