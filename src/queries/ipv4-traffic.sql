/*---
title: IPv4 traffic
question: How many bytes of IPv4 traffic were let through?
ja: { title: IPv4 の通信量, question: 許可された IPv4 の通信は何バイトか? }
source: Athena VpcFlowLogsIPv4Traffic
log_types: [vpc_flow_logs]
counts: >-
  Accepted traffic between IPv4 addresses, by the address, since the field type is not in every flow log. Bytes of every record. What two
  logged interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an hour, at the interface that saw most
  of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
chart: { type: number, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50001 443 6 2 50 1792022400 1792022460 ACCEPT OK
    eni-a 2001:db8::1 2001:db8::2 50000 443 6 9 9000 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 22 6 9 9000 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 9 9000 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { total_bytes: 150, total_packets: 3 }
---*/
select coalesce(sum(bytes), 0) as total_bytes, coalesce(sum(packets), 0) as total_packets
from (
  select bytes, packets
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT' and srcaddr not like '%:%'
  union all
  select bytes, packets
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT' and srcaddr not like '%:%'
) as traffic
