/*---
title: SSH and RDP traffic
question: Who used or tried SSH and RDP, and with what result?
ja: { title: SSH と RDP の通信, question: SSH と RDP を使った、または試したのは誰で、結果はどうだったか? }
source: Athena VpcFlowLogsSshRdpTraffic
log_types: [vpc_flow_logs]
counts: >-
  Both directions; the server is the side with the port, and the receiver where both have one. Bytes of every record. What two logged
  interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: ports, type: integers, default: "22,3389", doc: Ports of SSH and RDP. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: client, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 22 50000 6 1 500 1792022400 1792022460 ACCEPT OK
    eni-a 203.0.113.9 10.0.0.2 50000 3389 6 2 80 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { client: 10.0.0.1, server: 10.0.0.2, port: 22, action: ACCEPT, total_bytes: 600, total_packets: 2 }
  - { client: 203.0.113.9, server: 10.0.0.2, port: 3389, action: REJECT, total_bytes: 80, total_packets: 2 }
---*/
select client, server, port, action, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select
    case when dstport in ($ports) then srcaddr else dstaddr end as client,
    case when dstport in ($ports) then dstaddr else srcaddr end as server,
    case when dstport in ($ports) then dstport else srcport end as port,
    action,
    bytes,
    packets
  from (
    select srcaddr, dstaddr, srcport, dstport, action, bytes, packets
    from vpc_flow_logs
    where not $each_flow_once and "start" >= $from and "start" < $to and (srcport in ($ports) or dstport in ($ports))
    union all
    select srcaddr, dstaddr, srcport, dstport, action, bytes, packets
    from vpc_flows
    where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and (srcport in ($ports) or dstport in ($ports))
  ) as traffic
) as sessions
group by client, server, port, action
order by total_bytes desc, client, server, port, action
limit $limit
