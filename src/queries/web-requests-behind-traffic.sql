/*---
title: Web requests behind traffic
question: Which web requests lie behind the traffic of these clients?
ja: { title: 通信の裏にある Web リクエスト, question: これらのクライアントの通信の裏には、どの Web リクエストがあるか? }
source: Millrace
log_types: [vpc_flow_logs, web_access_logs]
counts: >-
  Requests whose client address is that of an accepted record and whose time lies within the record, one or several. traffic_bytes is all
  that the client and the ports exchanged in the time range, the same in each of its rows, at every logged interface and in every flow
  log; do not add it up. Behind a proxy or load balancer the web server sees another address than the flow log of its interface.
  Addresses are compared as text.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: client, type: text, default: "", doc: Only this client address; empty for all. }
  - { name: ports, type: integers, default: "80,443,8080,8443", doc: Ports of the web servers. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: path, measure: response_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 203.0.113.9 10.0.0.5 40000 443 6 5 300 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40001 443 6 5 200 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.9 443 40000 6 9 7000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40000 443 6 5 10 1792108770 1792108830 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40000 443 6 9 9000 1789516770 1789516830 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.9 443 40000 6 9 9000 1789516770 1789516830 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.9 443 40000 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.9 443 40000 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.5 203.0.113.9 22 40000 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.7 10.0.0.5 40000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40000 22 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.7 443 40000 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40002 443 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.8 10.0.0.5 40000 443 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.6 10.0.0.5 40000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.5 10.0.0.5 40000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
  web.log: |
    203.0.113.9 - - [15/Oct/2026:00:00:10 +0000] "GET /a?x=1 HTTP/1.1" 200 3000 "-" "curl/8"
    203.0.113.9 - - [15/Oct/2026:00:00:10 +0000] "GET /a?x=1 HTTP/1.1" 200 3000 "-" "curl/8"
    203.0.113.9 - - [15/Oct/2026:00:01:00 +0000] "POST /b HTTP/1.1" 500 20 "-" "curl/8"
    203.0.113.9 - - [15/Oct/2026:00:01:01 +0000] "GET /late HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.9 - - [14/Oct/2026:23:59:59 +0000] "GET /early HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.7 - - [15/Oct/2026:00:00:30 +0000] "GET /a HTTP/1.1" 404 50 "-" "curl/8"
    203.0.113.8 - - [15/Oct/2026:00:00:30 +0000] "GET /refused HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.4 - - [15/Oct/2026:00:00:30 +0000] "GET /unseen HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.9 - - [16/Sep/2026:00:00:10 +0000] "GET /before HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.9 - - [16/Oct/2026:00:00:10 +0000] "GET /after HTTP/1.1" 200 9000 "-" "curl/8"
    203.0.113.5 - - [14/Nov/2023:22:13:30 +0000] "GET /old HTTP/1.1" 200 9000 "-" "curl/8"
sample_parameters: { client: 203.0.113.9 }
expected:
  - { client: 203.0.113.9, traffic_bytes: 7510, method: GET, path: /a, status: 200, requests: 2, response_bytes: 6000 }
  - { client: 203.0.113.9, traffic_bytes: 7510, method: POST, path: /b, status: 500, requests: 1, response_bytes: 20 }
---*/
with flows as (
  select srcaddr as client, "start" as first_packet, "end" as last_packet, bytes
  from vpc_flow_logs
  where "start" >= $from and "start" < $to and action = 'ACCEPT' and dstport in ($ports)
    and ($client = '' or srcaddr = $client)
),
answers as (
  select dstaddr as client, bytes
  from vpc_flow_logs
  where "start" >= $from and "start" < $to and action = 'ACCEPT' and srcport in ($ports)
),
traffic as (
  select client, sum(bytes) as traffic_bytes
  from (
    select client, bytes
    from flows
    union all
    select client, bytes
    from answers
  ) as both_ways
  group by client
),
numbered as (
  select row_number() over (order by time) as request_number, remote_host, time, method, path, status, bytes
  from web_access_logs
  where time >= $from and time < $to
),
-- A request lies in the windows of several records when its client had several connections.
matched as (
  select distinct request_number, client, method, path, status, numbered.bytes as response_bytes
  from numbered
  join flows on client = remote_host and time >= first_packet and time <= last_packet
)
select
  matched.client,
  traffic_bytes,
  method,
  path,
  status,
  count(*) as requests,
  sum(coalesce(response_bytes, 0)) as response_bytes
from matched
join traffic on traffic.client = matched.client
group by matched.client, traffic_bytes, method, path, status
order by traffic_bytes desc, client, response_bytes desc, requests desc, method, path, status
limit $limit
