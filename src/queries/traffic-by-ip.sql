/*---
title: Traffic by IP address
question: Which addresses downloaded and uploaded the most bytes?
ja: { title: IP アドレス別の転送量, question: 最も多くのバイトをダウンロード・アップロードしたアドレスはどれか? }
source: Snowflake quickstart "S3 access logs", which labels bytes sent by S3 as upload; Athena user guide (bytes to an address)
log_types: [s3_access_logs]
counts: >-
  Downloaded is what S3 sent. S3 does not log what it received: uploaded is the size of objects and parts that were put with success.
  Copies within S3 and the completion of an upload in parts move no data. AWS delivers some lines twice and some never;
  duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: address, type: text, default: "", doc: Only this address; empty for all. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: remoteip, measure: total_bytes }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - 500 9000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.PUT.OBJECT a.txt "-" 200 - - 300 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.PUT.PART a.txt "-" 200 - 10 40 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.PUT.OBJECT a.txt "-" 403 - 20 7000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.COPY.OBJECT a.txt "-" 200 - 30 7000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R6 REST.POST.UPLOAD a.txt "-" 200 - 30 7000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.9 alice R7 REST.GET.OBJECT a.txt "-" 200 - 1000 1000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - alice R8 S3.EXPIRE.OBJECT a.txt "-" - - - 9999 - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R9 REST.GET.OBJECT a.txt "-" 200 - 5000 - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R10 REST.GET.OBJECT a.txt "-" 200 - 5000 - - - "-" "-" -
sample_parameters: { address: 192.0.2.3 }
expected:
  - { remoteip: 192.0.2.3, downloaded_bytes: 590, uploaded_bytes: 340, total_bytes: 930 }
---*/
select remoteip, sum(downloaded) as downloaded_bytes, sum(uploaded) as uploaded_bytes, sum(downloaded + uploaded) as total_bytes
from (
  select
    remoteip,
    coalesce(bytessent, 0) as downloaded,
    case
      when operation in ('REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.PUT.PART') and httpstatus between 200 and 299
        then coalesce(objectsize, 0)
      else 0
    end as uploaded
  from s3_access_logs
  where requestdatetime >= $from and requestdatetime < $to and remoteip is not null
    and ($address = '' or remoteip = $address)
) as transfers
group by remoteip
order by total_bytes desc, remoteip
limit $limit
