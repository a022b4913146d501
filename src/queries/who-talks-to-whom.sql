/*---
title: Who talks to whom
question: Which clients use which servers, and how much?
ja: { title: 通信の相手, question: どのクライアントがどのサーバーを、どれだけ使っているか? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic in both directions. The server is the side with the port of the service; where ports do not tell, the client is the
  address that sorts first. Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or more;
  each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: sankey, axis: client, measure: total_bytes, series: server }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 1 500 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 22 6 1 10 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.3 50001 5432 6 1 70 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.9 10.0.0.8 40000 50000 6 1 30 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.8 10.0.0.9 50000 40000 6 1 5 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.6 10.0.0.7 123 123 17 1 1 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.4 10.0.0.3 50001 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { client: 10.0.0.1, server: 10.0.0.2, total_bytes: 610 }
  - { client: 10.0.0.2, server: 10.0.0.3, total_bytes: 70 }
  - { client: 10.0.0.8, server: 10.0.0.9, total_bytes: 35 }
  - { client: 10.0.0.6, server: 10.0.0.7, total_bytes: 1 }
---*/
select
  case when sends then srcaddr else dstaddr end as client,
  case when sends then dstaddr else srcaddr end as server,
  sum(bytes) as total_bytes
from (
  select
    srcaddr,
    dstaddr,
    case
      when srcport <> dstport and port = dstport then true
      when srcport <> dstport and port = srcport then false
      else srcaddr < dstaddr
    end as sends,
    bytes
  from (
    select srcaddr, dstaddr, srcport, dstport, service_port(srcport, dstport, tcp_flags) as port, bytes
    from vpc_flow_logs
    where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
    union all
    select srcaddr, dstaddr, srcport, dstport, service_port(srcport, dstport, cast(null as integer)) as port, bytes
    from vpc_flows
    where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
  ) as traffic
) as conversations
group by 1, 2
order by total_bytes desc, client, server
limit $limit
