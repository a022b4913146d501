/*---
title: Traffic to a destination
question: What was sent to this address, and by whom?
ja: { title: 宛先への通信, question: このアドレスへ、誰が何を送ったか? }
source: Athena VpcFlowLogsTrafficToDstAddr
log_types: [vpc_flow_logs]
counts: >-
  Accepted and refused traffic by the port of the service, as TCP flags or else well-known ports tell it; without a port where neither
  does. Flows counted once have no flags. Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or
  more; each_flow_once counts it once an hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: address, type: text, doc: Destination address. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: srcaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50001 6 2 50 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.3 10.0.0.1 22 50001 6 1 40 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.2 10.0.0.1 443 50000 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
sample_parameters: { address: 10.0.0.1 }
expected:
  - { srcaddr: 10.0.0.2, protocol: TCP, port: 443, action: ACCEPT, total_bytes: 150, total_packets: 3 }
  - { srcaddr: 10.0.0.3, protocol: TCP, port: 22, action: REJECT, total_bytes: 40, total_packets: 1 }
---*/
select srcaddr, protocol_name(protocol) as protocol, port, action, sum(bytes) as total_bytes, sum(packets) as total_packets
from (
  select srcaddr, protocol, service_port(srcport, dstport, tcp_flags) as port, action, bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and dstaddr = $address
  union all
  select srcaddr, protocol, service_port(srcport, dstport, cast(null as integer)) as port, action, bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and dstaddr = $address
) as traffic
group by srcaddr, protocol, port, action
order by total_bytes desc, srcaddr, protocol, port, action
limit $limit
