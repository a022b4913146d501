/*---
title: Top talkers by pair
question: Which pairs of source and destination moved the most bytes?
ja: { title: 組み合わせ別の通信量, question: 最も多くのバイトをやり取りした送信元と宛先の組み合わせは? }
source: Athena VpcFlowLogsTotalBytesTransferred
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic; each direction of a pair is a row of its own. Bytes of every record. What two logged interfaces or two flow logs saw
  is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: table, axis: srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 1 40 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 1 500 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.3 50001 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { srcaddr: 10.0.0.2, dstaddr: 10.0.0.1, total_bytes: 500, total_packets: 1 }
  - { srcaddr: 10.0.0.1, dstaddr: 10.0.0.2, total_bytes: 140, total_packets: 2 }
---*/
select srcaddr, dstaddr, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select srcaddr, dstaddr, bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select srcaddr, dstaddr, bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by srcaddr, dstaddr
order by total_bytes desc, srcaddr, dstaddr
limit $limit
