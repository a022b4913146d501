/*---
title: Rejected traffic
question: What was refused, of every protocol, and where?
ja: { title: 拒否された通信, question: すべてのプロトコルで、何がどこで拒否されたか? }
source: Athena VpcFlowLogsRejectedTraffic
log_types: [vpc_flow_logs]
counts: >-
  Rejects are records: one for each source port, interface and interval. With each_flow_once, one for each source port and hour. Port 0
  stands for protocols without ports.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: srcaddr, measure: rejects }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 203.0.113.9 10.0.0.2 50000 22 6 1 40 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50001 22 6 2 80 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 0 0 1 1 84 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.2 50000 22 6 9 9000 1700000000 1700000060 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50000 22 6 9 9000 1792108800 1792108860 REJECT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { protocol: TCP, srcaddr: 203.0.113.9, dstaddr: 10.0.0.2, dstport: 22, rejects: 2, total_packets: 3, total_bytes: 120 }
  - { protocol: ICMP, srcaddr: 203.0.113.9, dstaddr: 10.0.0.2, dstport: 0, rejects: 1, total_packets: 1, total_bytes: 84 }
---*/
select
  protocol_name(protocol) as protocol,
  srcaddr,
  dstaddr,
  dstport,
  count(*) as rejects,
  sum(packets) as total_packets,
  sum(bytes) as total_bytes
from (
  select protocol, srcaddr, dstaddr, dstport, packets, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'REJECT'
  union all
  select protocol, srcaddr, dstaddr, dstport, packets, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'REJECT'
) as refused
group by protocol, srcaddr, dstaddr, dstport
order by rejects desc, srcaddr, dstaddr, protocol, dstport
limit $limit
