/*---
title: Traffic by direction
question: How many bytes came in, and how many went out?
ja: { title: 方向別の通信量, question: 何バイトが入り、何バイトが出たか? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic by the recorded direction, else by which side is internal, else by which side has the port of a service. Records of an
  interface have its direction, so traffic between two logged interfaces is egress at one and ingress at the other; flows counted once go
  by addresses and ports alone. Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or more;
  each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: pie, axis: direction, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 203.0.113.9 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.1 443 50000 6 2 500 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 203.0.113.8 40000 50000 6 1 30 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.1 443 50000 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { direction: ingress, total_bytes: 500, total_packets: 2 }
  - { direction: egress, total_bytes: 100, total_packets: 1 }
  - { direction: unknown, total_bytes: 30, total_packets: 1 }
---*/
select coalesce(direction, 'unknown') as direction, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select
    flow_direction_of(srcaddr, dstaddr, srcport, dstport, tcp_flags, pkt_srcaddr, pkt_dstaddr, flow_direction) as direction,
    bytes,
    packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select
    flow_direction_of(
      srcaddr, dstaddr, srcport, dstport,
      cast(null as integer), cast(null as varchar), cast(null as varchar), cast(null as varchar)
    ) as direction,
    bytes,
    packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by coalesce(direction, 'unknown')
order by total_bytes desc, direction
