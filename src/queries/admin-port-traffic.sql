/*---
title: Traffic of administrative ports
question: Which servers moved the most bytes on administrative ports?
ja: { title: 管理用ポートの通信量, question: 管理用ポートで最も多くのバイトをやり取りしたサーバーはどれか? }
source: Athena VpcFlowLogsAdminPortTraffic
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic in both directions; the server is the side with the port, and the receiver where both have one. Bytes of every record.
  What two logged interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that
  saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: ports, type: integers, default: "20,21,22,23,3389,5900,5985,5986", doc: Ports that count as administrative. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: server, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 22 50000 6 1 500 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.3 10.0.0.2 50000 3389 6 1 50 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { server: 10.0.0.2, port: 22, clients: 1, total_bytes: 600 }
  - { server: 10.0.0.2, port: 3389, clients: 1, total_bytes: 50 }
---*/
select server, port, count(distinct client) as clients, sum(bytes) as total_bytes
from (
  select
    case when dstport in ($ports) then srcaddr else dstaddr end as client,
    case when dstport in ($ports) then dstaddr else srcaddr end as server,
    case when dstport in ($ports) then dstport else srcport end as port,
    bytes
  from (
    select srcaddr, dstaddr, srcport, dstport, bytes
    from vpc_flow_logs
    where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
      and (srcport in ($ports) or dstport in ($ports))
    union all
    select srcaddr, dstaddr, srcport, dstport, bytes
    from vpc_flows
    where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
      and (srcport in ($ports) or dstport in ($ports))
  ) as traffic
) as sessions
group by server, port
order by total_bytes desc, server, port
limit $limit
