/*---
title: Top talkers by port
question: Which services, by protocol and port, moved the most bytes?
ja: { title: ポート別の通信量, question: 最も多くのバイトをやり取りしたサービス (プロトコルとポート) は? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic to and from the port of the service, as TCP flags or else well-known ports tell it; without a port where neither does,
  and for ICMP. Flows counted once have no flags, so more of them stay without a port. Bytes of every record. What two logged interfaces
  or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: port, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 1 500 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 53 17 1 70 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 40000 50000 6 1 30 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 0 0 1 1 20 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.3 50001 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { protocol: TCP, port: 443, total_bytes: 600 }
  - { protocol: UDP, port: 53, total_bytes: 70 }
  - { protocol: TCP, port: null, total_bytes: 30 }
  - { protocol: ICMP, port: null, total_bytes: 20 }
---*/
select protocol_name(protocol) as protocol, port, sum(bytes) as total_bytes
from (
  select protocol, service_port(srcport, dstport, tcp_flags) as port, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select protocol, service_port(srcport, dstport, cast(null as integer)) as port, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by protocol, port
order by total_bytes desc, protocol, port
limit $limit
