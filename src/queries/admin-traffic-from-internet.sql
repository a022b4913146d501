/*---
title: Administrative traffic from the internet
question: Which outside addresses reached SSH, RDP or another administrative port?
ja: { title: インターネットからの管理用通信, question: SSH、RDP などの管理用ポートに届いた外部アドレスはどれか? }
source: Snowflake quickstart "Amazon VPC flow logs", which takes internal clients for outside ones
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic in both directions. The side with the port is taken for the server, and the other must be external. IPv6 addresses of
  a VPC count as external, so own IPv6 hosts that connect to such a port are listed too. Bytes of every record. What two logged
  interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: ports, type: integers, default: "22,3389", doc: Ports that count as administrative. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: external_addr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 203.0.113.9 10.0.0.5 40000 22 6 3 300 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.5 203.0.113.9 22 40000 6 3 700 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.11 10.0.0.6 40000 3389 6 2 200 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.20 203.0.113.21 22 22 6 1 50 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.7 10.0.0.5 40000 22 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.5 198.51.100.7 50000 22 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 198.51.100.7 10.0.0.5 22 50000 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40001 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.10 10.0.0.5 40000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.5 40000 22 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.5 40000 22 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { internal_addr: 10.0.0.5, external_addr: 203.0.113.9, port: 22, total_bytes: 1000 }
  - { internal_addr: 10.0.0.6, external_addr: 203.0.113.11, port: 3389, total_bytes: 200 }
  - { internal_addr: 203.0.113.21, external_addr: 203.0.113.20, port: 22, total_bytes: 50 }
---*/
with traffic as (
  select srcaddr, dstaddr, srcport, dstport, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select srcaddr, dstaddr, srcport, dstport, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
)
select internal_addr, external_addr, port, sum(bytes) as total_bytes
from (
  select dstaddr as internal_addr, srcaddr as external_addr, dstport as port, bytes
  from traffic
  where dstport in ($ports) and not is_internal(srcaddr)
  union all
  select srcaddr as internal_addr, dstaddr as external_addr, srcport as port, bytes
  from traffic
  where srcport in ($ports) and not is_internal(dstaddr) and (dstport not in ($ports) or is_internal(srcaddr))
) as sessions
group by internal_addr, external_addr, port
order by total_bytes desc, internal_addr, external_addr, port
limit $limit
