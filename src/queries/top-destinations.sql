/*---
title: Top talkers by destination
question: Which addresses received the most bytes that were let through?
ja: { title: 宛先別の通信量, question: 許可された通信で最も多くのバイトを受け取ったアドレスはどれか? }
source: Snowflake quickstart "Amazon VPC flow logs", tile "Biggest talkers by destination"
log_types: [vpc_flow_logs]
counts: >-
  Bytes of every record. What two logged interfaces or two flow logs saw is in there twice or more; each_flow_once counts it once an
  hour, at the interface that saw most of it.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: each_flow_once, type: boolean, default: "false", doc: Count what several interfaces or flow logs recorded once. }
  - { name: limit, type: integer, default: "10", doc: Rows at most. }
chart: { type: bar, axis: dstaddr, measure: total_bytes }
sample:
  flows.log: |
    interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 100 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.3 10.0.0.2 50001 443 6 1 150 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.4 50002 443 6 1 70 1792022400 1792022460 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.5 50000 22 6 1 900 1792022400 1792022460 REJECT OK
    eni-a 10.0.0.1 10.0.0.5 50000 443 6 1 900 1700000000 1700000060 ACCEPT OK
    eni-a 10.0.0.1 10.0.0.5 50000 443 6 1 900 1792108800 1792108860 ACCEPT OK
    eni-a - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { dstaddr: 10.0.0.2, total_bytes: 250 }
  - { dstaddr: 10.0.0.4, total_bytes: 70 }
---*/
select dstaddr, sum(bytes) as total_bytes
from (
  select dstaddr, bytes
  from vpc_flow_logs
  where not $each_flow_once and "start" >= $from and "start" < $to and action = 'ACCEPT'
  union all
  select dstaddr, bytes
  from vpc_flows
  where $each_flow_once and hour >= date_trunc('hour', $from) and hour < $to and action = 'ACCEPT'
) as traffic
group by dstaddr
order by total_bytes desc, dstaddr
limit $limit
