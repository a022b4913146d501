-- Athena's dialect: flow logs as text, a day of them a partition. Run it with
--   millrace run vpc-flow-athena.sql --dialect athena --set LOGS=s3://my-bucket/AWSLogs --set ACCOUNT=123456789012 --set REGION=eu-west-1
-- LOGS can be a folder of this machine as well: file:///data/AWSLogs.

-- Nothing is loaded here. What lies in a partition is loaded by the queries that read the table, each file once.
create external table if not exists flow_days (
  version int,
  account_id string,
  interface_id string,
  srcaddr string,
  dstaddr string,
  srcport int,
  dstport int,
  protocol int,
  packets bigint,
  bytes bigint,
  start bigint,
  `end` bigint,
  action string,
  log_status string
)
partitioned by (day string)
row format delimited fields terminated by ' '
location '<LOGS>/'
tblproperties ('skip.header.line.count' = '1');

alter table flow_days add if not exists
  partition (day = '2026-05-16') location '<LOGS>/<ACCOUNT>/vpcflowlogs/<REGION>/2026/05/16/'
  partition (day = '2026-05-17') location '<LOGS>/<ACCOUNT>/vpcflowlogs/<REGION>/2026/05/17/';

show partitions flow_days;

-- The same files without registering a day: its partitions are computed from the names of folders.
create external table if not exists flow_projected (
  version int,
  account_id string,
  interface_id string,
  srcaddr string,
  dstaddr string,
  srcport int,
  dstport int,
  protocol int,
  packets bigint,
  bytes bigint,
  start bigint,
  `end` bigint,
  action string,
  log_status string
)
partitioned by (region string, day string)
row format delimited fields terminated by ' '
location '<LOGS>/'
tblproperties (
  'skip.header.line.count' = '1',
  'projection.enabled' = 'true',
  'projection.region.type' = 'enum',
  'projection.region.values' = '<REGION>',
  'projection.day.type' = 'date',
  'projection.day.format' = 'yyyy/MM/dd',
  'projection.day.range' = '2026/05/01,NOW',
  'storage.location.template' = '<LOGS>/<ACCOUNT>/vpcflowlogs/${region}/${day}'
);

-- Who was refused most.
select srcaddr, count(*) as refused
from flow_days
where action = 'REJECT'
group by srcaddr
order by refused desc, srcaddr
limit 10;

-- Bytes a day.
select region, day, sum(bytes) as bytes
from flow_projected
where log_status = 'OK'
group by region, day
order by region, day;
