/*---
title: Accepted TCP connections
question: Which TCP connections were let through?
ja: { title: 許可された TCP 接続, question: どの TCP 接続が許可されたか? }
source: Athena VpcFlowLogsAcceptedTraffic
log_types: [vpc_flow_logs]
counts: >-
  One row for each direction of a connection; ports that are used again later fall together. Bytes of every record. What two logged
  interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 2 500 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 17 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { srcaddr: 10.0.0.2, srcport: 443, dstaddr: 10.0.0.1, dstport: 50000, total_bytes: 500, total_packets: 2 }
  - { srcaddr: 10.0.0.1, srcport: 50000, dstaddr: 10.0.0.2, dstport: 443, total_bytes: 100, total_packets: 1 }
---*/
select srcaddr, srcport, dstaddr, dstport, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select srcaddr, srcport, dstaddr, dstport, bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT' and protocol = 6
  union all
  select srcaddr, srcport, dstaddr, dstport, bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT' and protocol = 6
) as traffic
group by srcaddr, srcport, dstaddr, dstport
order by total_bytes desc, srcaddr, srcport, dstaddr, dstport
limit $limit
