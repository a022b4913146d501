/*---
title: Rejected TCP connections
question: Which TCP connections were refused, and how often?
ja: { title: 拒否された TCP 接続, question: どの TCP 接続が、何回拒否されたか? }
source: Athena VpcFlowLogsRejectedTCPTraffic
log_types: [vpc_flow_logs]
counts: >-
  Rejects are records: one for each source port, interface and interval. With each_flow_once, one for each source port and hour. A client
  that got no answer tries again, so packets are more than attempts.
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
    eni-a 203.0.113.9 10.0.0.2 50001 23 6 1 40 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50000 53 17 9 9000 1792022400 1792022460 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.2 50000 22 6 9 9000 1700000000 1700000060 REJECT OK
    eni-a 203.0.113.9 10.0.0.2 50000 22 6 9 9000 1792108800 1792108860 REJECT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { srcaddr: 203.0.113.9, dstaddr: 10.0.0.2, dstport: 22, rejects: 2, total_packets: 3 }
  - { srcaddr: 203.0.113.9, dstaddr: 10.0.0.2, dstport: 23, rejects: 1, total_packets: 1 }
---*/
select srcaddr, dstaddr, dstport, count(*) as rejects, sum(packets) as total_packets
from (
  select srcaddr, dstaddr, dstport, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'REJECT' and protocol = 6
  union all
  select srcaddr, dstaddr, dstport, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'REJECT' and protocol = 6
) as refused
group by srcaddr, dstaddr, dstport
order by rejects desc, srcaddr, dstaddr, dstport
limit $limit
