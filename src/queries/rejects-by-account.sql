/*---
title: Rejects by account and region
question: In which accounts and regions was traffic refused most often?
ja: { title: アカウント・リージョン別の拒否, question: 通信が最も多く拒否されたアカウントとリージョンは? }
source: Millrace
log_types: [vpc_flow_logs]
counts: >-
  Records: one for each interval in which an interface refused the same addresses and ports, and again for each flow log that recorded
  it. The account is the owner of the interface; the region is that of the record, or else that in the path of its file.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: account_id, measure: rejects, series: region }
sample:
  AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/15/111122223333_vpcflowlogs_us-east-1_fl-1_20261015T0000Z_ab.log: |
    account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    111122223333 eni-a 203.0.113.9 10.0.0.1 50000 22 6 3 100 1792022400 1792022460 REJECT OK
    111122223333 eni-a 203.0.113.9 10.0.0.1 50001 22 6 1 100 1792022400 1792022460 REJECT OK
    111122223333 eni-a 203.0.113.9 10.0.0.1 50001 443 6 9 900 1792022400 1792022460 ACCEPT OK
    111122223333 eni-a 203.0.113.9 10.0.0.1 50001 22 6 9 900 1700000000 1700000060 REJECT OK
    111122223333 eni-a 203.0.113.9 10.0.0.1 50001 22 6 9 900 1792108800 1792108860 REJECT OK
  other.log: |
    account-id region interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    444455556666 eu-west-1 eni-b 203.0.113.9 10.1.0.1 50000 22 6 7 700 1792022400 1792022460 REJECT OK
    444455556666 eu-west-1 eni-b - - - - - - - 1792022400 1792022460 - NODATA
expected:
  - { account_id: "111122223333", region: us-east-1, rejects: 2, rejected_packets: 4 }
  - { account_id: "444455556666", region: eu-west-1, rejects: 1, rejected_packets: 7 }
---*/
select account_id, region, count(*) as rejects, sum(packets) as rejected_packets
from (
  select account_id, coalesce(region, path_region) as region, packets
  from vpc_flow_logs
  where "start" >= $from and "start" < $to and action = 'REJECT'
) as refused
group by account_id, region
order by rejects desc, account_id, region
limit $limit
