/*---
title: Top talkers, packet level
question: Which original senders, behind NAT gateways and other hops, sent the most bytes?
ja: { title: 送信元 (パケットレベル), question: NAT ゲートウェイなどの背後で、最も多くのバイトを送った本来の送信者は? }
source: Athena VpcFlowLogsTopTalkersPacketLevel
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic by the addresses in the packets, which stay the same through NAT gateways and other hops. Bytes of every record: each
  logged interface on the way counts, and each flow log. Flow logs without the fields pkt-srcaddr and pkt-dstaddr are left out.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: pkt_srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr bytes packets start end action log-status
    eni-a 10.0.9.9 10.0.0.2 203.0.113.9 10.0.0.2 100 1 1792022400 1792022460 ACCEPT OK
    eni-b 203.0.113.9 10.0.9.9 203.0.113.9 10.0.0.2 50 1 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.9.9 10.0.0.2 203.0.113.9 20 1 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.9.9 10.0.0.2 203.0.113.9 10.0.0.2 9000 9 1792022400 1792022460 REJECT OK
    eni-a 10.0.9.9 10.0.0.2 203.0.113.9 10.0.0.2 9000 9 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.9.9 10.0.0.2 203.0.113.9 10.0.0.2 9000 9 1792108800 1792108860 ACCEPT OK
    eni-a 10.0.9.9 10.0.0.2 - 10.0.0.2 9000 9 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.9.9 10.0.0.2 10.0.0.2 - 5 1 1792022400 1792022460 ACCEPT OK
    eni-a - - - - - - 1792022400 1792022460 - NODATA
  plain.log: |
    interface-id srcaddr dstaddr bytes packets start end action log-status
    eni-c 10.0.0.7 10.0.0.8 9000 9 1792022400 1792022460 ACCEPT OK
expected:
  - { pkt_srcaddr: 203.0.113.9, total_bytes: 150, total_packets: 2 }
  - { pkt_srcaddr: 10.0.0.2, total_bytes: 25, total_packets: 2 }
---*/
select pkt_srcaddr, sum(bytes) as total_bytes, sum(packets) as total_packets
from vpc_flow_logs
where "start" >= $from and "start" < $to and action = 'ACCEPT' and pkt_srcaddr is not null
group by pkt_srcaddr
order by total_bytes desc, pkt_srcaddr
limit $limit
