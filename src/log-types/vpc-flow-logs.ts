import { awsRegions } from '../log-type/aws-regions.ts'
import { columnName, flowLogWords, isFieldHeader, isTransitGatewayField } from '../log-type/flow-header.ts'
import type { Column, LogType, Sample } from '../log-type/log-type.ts'

const interfaceTypes = [
  'nat_gateway',
  'network_load_balancer',
  'regional_nat_gateway',
  'transit_gateway',
  'vpc_endpoint',
] as const

const columns: readonly Column[] = [
  {
    name: 'version',
    kind: 'integer',
    since: 2,
    doc: 'Flow-log version of the record: 2 in the default format, else the highest version among the chosen fields. It does not tell which fields are there.',
  },
  {
    name: 'account_id',
    kind: 'text',
    since: 2,
    doc: 'Account that owns the source network interface, 12 digits, or `unknown` where an AWS service created the interface.',
  },
  {
    name: 'interface_id',
    kind: 'text',
    since: 2,
    doc: 'Network interface the traffic was recorded on. NULL for flows of a regional NAT gateway.',
  },
  {
    name: 'srcaddr',
    kind: 'address',
    since: 2,
    doc: "Source address as the interface sees it: for outgoing traffic, the interface's own primary address. NULL in NODATA and SKIPDATA records.",
  },
  {
    name: 'dstaddr',
    kind: 'address',
    since: 2,
    doc: "Destination address as the interface sees it: for incoming traffic, the interface's own primary address. NULL in NODATA and SKIPDATA records.",
  },
  {
    name: 'srcport',
    kind: 'integer',
    since: 2,
    doc: 'Source port, 0 for ICMP and other protocols without ports. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'dstport',
    kind: 'integer',
    since: 2,
    doc: 'Destination port, 0 for ICMP and other protocols without ports. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'protocol',
    kind: 'integer',
    since: 2,
    doc: 'IANA protocol number: 1 is ICMP, 6 TCP, 17 UDP. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'packets',
    kind: 'bigint',
    since: 2,
    doc: 'Packets of the flow in the aggregation interval. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'bytes',
    kind: 'bigint',
    since: 2,
    doc: 'Bytes of the flow in the aggregation interval. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'start',
    kind: 'epoch',
    since: 2,
    doc: 'When the first packet of the interval was recorded, UTC, to the second. Up to 60 seconds away from the time the packet passed the interface.',
  },
  {
    name: 'end',
    kind: 'epoch',
    since: 2,
    doc: 'When the last packet of the interval was recorded, UTC, to the second. A reserved word: write `"end"` in SQL.',
  },
  {
    name: 'action',
    kind: 'enum',
    values: ['ACCEPT', 'REJECT'],
    since: 2,
    doc: 'ACCEPT, or REJECT where a security group or network ACL dropped the traffic or it came after the connection was closed. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'log_status',
    kind: 'enum',
    values: ['OK', 'NODATA', 'SKIPDATA'],
    since: 2,
    doc: 'OK; NODATA where the interface had no traffic in the interval; SKIPDATA where AWS lost records of the interval.',
  },
  { name: 'vpc_id', kind: 'text', since: 3, doc: 'VPC of the network interface.' },
  {
    name: 'subnet_id',
    kind: 'text',
    since: 3,
    doc: 'Subnet of the network interface. NULL for flows of a regional NAT gateway.',
  },
  {
    name: 'instance_id',
    kind: 'text',
    since: 3,
    doc: 'EC2 instance the interface belongs to. NULL for interfaces that an AWS service manages, such as those of NAT gateways.',
  },
  {
    name: 'tcp_flags',
    kind: 'integer',
    since: 3,
    doc: 'TCP flags seen in the interval, OR-ed: 1 FIN, 2 SYN, 4 RST, 18 SYN-ACK. 0 where none of these was seen (a lone ACK or PSH is not recorded); NULL for combinations AWS does not support.',
  },
  {
    name: 'type',
    kind: 'enum',
    values: ['IPv4', 'IPv6', 'EFA'],
    since: 3,
    doc: 'Kind of traffic: IPv4, IPv6, or EFA (Elastic Fabric Adapter).',
  },
  {
    name: 'pkt_srcaddr',
    kind: 'address',
    since: 3,
    doc: 'Source address in the packet itself: the original sender where `srcaddr` is an intermediate hop, or a secondary or pod address.',
  },
  {
    name: 'pkt_dstaddr',
    kind: 'address',
    since: 3,
    doc: 'Destination address in the packet itself: the final receiver where `dstaddr` is an intermediate hop, or a secondary or pod address.',
  },
  { name: 'region', kind: 'enum', values: awsRegions, since: 4, doc: 'AWS region of the network interface.' },
  {
    name: 'az_id',
    kind: 'text',
    since: 4,
    doc: 'Availability Zone ID of the network interface, such as `use1-az1` (not the zone name). NULL for traffic from a sublocation.',
  },
  {
    name: 'sublocation_type',
    kind: 'enum',
    values: ['wavelength', 'outpost', 'localzone'],
    since: 4,
    doc: 'Kind of sublocation the interface is in: wavelength, outpost or localzone. NULL elsewhere.',
  },
  {
    name: 'sublocation_id',
    kind: 'text',
    since: 4,
    doc: 'Id of the sublocation the interface is in. NULL where it is in none.',
  },
  {
    name: 'pkt_src_aws_service',
    kind: 'text',
    since: 5,
    doc: "AWS service whose published address ranges hold `pkt_srcaddr`, such as S3 or CLOUDFRONT. NULL where the address is not AWS's.",
  },
  {
    name: 'pkt_dst_aws_service',
    kind: 'text',
    since: 5,
    doc: "AWS service whose published address ranges hold `pkt_dstaddr`, such as S3 or CLOUDFRONT. NULL where the address is not AWS's.",
  },
  {
    name: 'flow_direction',
    kind: 'enum',
    values: ['ingress', 'egress'],
    since: 5,
    doc: 'Direction as seen from the network interface: ingress or egress.',
  },
  {
    name: 'traffic_path',
    kind: 'integer',
    since: 5,
    doc: 'Way egress traffic takes: 1 a resource in the same VPC, 2 internet gateway or gateway endpoint, 3 virtual private gateway, 4 peering within the region, 5 peering between regions, 6 Local or Wavelength Zone, 7 gateway endpoint, 8 internet gateway. NULL for ingress.',
  },
  {
    name: 'ecs_cluster_arn',
    kind: 'text',
    since: 7,
    doc: 'ARN of the ECS cluster of the running task. NULL where the traffic is not of a task in awsvpc network mode.',
  },
  {
    name: 'ecs_cluster_name',
    kind: 'text',
    since: 7,
    doc: 'Name of the ECS cluster of the running task. NULL where the traffic is not of a task in awsvpc network mode.',
  },
  {
    name: 'ecs_container_instance_arn',
    kind: 'text',
    since: 7,
    doc: 'ARN of the ECS container instance, for tasks on EC2. NULL on Fargate and without a task.',
  },
  {
    name: 'ecs_container_instance_id',
    kind: 'text',
    since: 7,
    doc: 'Id of the ECS container instance, for tasks on EC2. NULL on Fargate and without a task.',
  },
  {
    name: 'ecs_container_id',
    kind: 'text',
    since: 7,
    doc: "Docker runtime id of the task's first container. NULL without a task.",
  },
  {
    name: 'ecs_second_container_id',
    kind: 'text',
    since: 7,
    doc: "Docker runtime id of the task's second container. NULL where the task has one container, and without a task.",
  },
  {
    name: 'ecs_service_name',
    kind: 'text',
    since: 7,
    doc: 'ECS service that started the task. NULL where no service did, and without a task.',
  },
  {
    name: 'ecs_task_definition_arn',
    kind: 'text',
    since: 7,
    doc: "ARN of the task's ECS task definition. NULL without a task.",
  },
  { name: 'ecs_task_arn', kind: 'text', since: 7, doc: 'ARN of the running ECS task. NULL without a task.' },
  { name: 'ecs_task_id', kind: 'text', since: 7, doc: 'Id of the running ECS task. NULL without a task.' },
  {
    name: 'reject_reason',
    kind: 'enum',
    values: ['BPA', 'EC'],
    since: 8,
    doc: 'Why traffic was rejected: BPA for VPC Block Public Access, EC for VPC encryption controls. NULL for every other reason, security groups and network ACLs included.',
  },
  {
    name: 'resource_id',
    kind: 'text',
    since: 9,
    doc: 'Id of the regional NAT gateway the record comes from. NULL for other records.',
  },
  {
    name: 'encryption_status',
    kind: 'integer',
    since: 10,
    doc: 'Encryption in transit: 0 none, 1 by the Nitro hardware, 2 by the application, 3 both. NULL where unknown or where encryption controls are off for the VPC.',
  },
  {
    name: 'instance_tag',
    kind: 'tag',
    since: 11,
    doc: 'Value of the first chosen EC2 instance tag, decoded. NULL where the instance has no such tag.',
  },
  {
    name: 'instance_tag_2',
    kind: 'tag',
    since: 11,
    doc: 'Value of the second chosen EC2 instance tag, decoded. NULL where the instance has no such tag.',
  },
  {
    name: 'interface_tag',
    kind: 'tag',
    since: 11,
    doc: 'Value of the first chosen network interface tag, decoded. NULL where the interface has no such tag.',
  },
  {
    name: 'interface_tag_2',
    kind: 'tag',
    since: 11,
    doc: 'Value of the second chosen network interface tag, decoded. NULL where the interface has no such tag.',
  },
  {
    name: 'asg_tag',
    kind: 'tag',
    since: 11,
    doc: 'Value of the first chosen Auto Scaling group tag, decoded. NULL where the group has no such tag.',
  },
  {
    name: 'asg_tag_2',
    kind: 'tag',
    since: 11,
    doc: 'Value of the second chosen Auto Scaling group tag, decoded. NULL where the group has no such tag.',
  },
  {
    name: 'interface_type',
    kind: 'enum',
    values: interfaceTypes,
    since: 11,
    doc: 'What the network interface belongs to, such as nat_gateway or vpc_endpoint. NULL for any other kind.',
  },
  {
    name: 'next_hop_interface_type',
    kind: 'enum',
    values: interfaceTypes,
    since: 11,
    doc: 'What the interface at the other end of this hop belongs to, in the terms of `interface_type`. NULL for any other kind.',
  },
  {
    name: 'next_hop_interface_id',
    kind: 'text',
    since: 11,
    doc: 'Interface at the other end of this hop: the receiver of egress, the sender of ingress. NULL for internet gateways and for peers in another region or account.',
  },
  {
    name: 'next_hop_subnet_id',
    kind: 'text',
    since: 11,
    doc: 'Subnet of the interface at the other end of this hop. NULL where that interface is not known.',
  },
  {
    name: 'next_hop_az_id',
    kind: 'text',
    since: 11,
    doc: 'Availability Zone ID at the other end of this hop, also given for peers in another account. NULL for internet gateways and other regions.',
  },
  {
    name: 'next_hop_vpc_id',
    kind: 'text',
    since: 11,
    doc: 'VPC of the interface at the other end of this hop. NULL where that interface is not known.',
  },
]

const fieldNames = new Set(columns.map((column) => column.name))
const defaultFields = columns.filter((column) => column.since === 2).map((column) => column.name.replaceAll('_', '-'))

const vpcFlowLogs: LogType = {
  name: 'vpc-flow-logs',
  table: 'vpc_flow_logs',
  title: 'VPC Flow Logs',
  doc: 'Records of the IP traffic at the network interfaces of a VPC: one row per flow, interface and aggregation interval (60 or 600 seconds). Holds every field of versions 2 to 11; a field that the flow log was not set up with is NULL. Traffic between two recorded interfaces is recorded on both.',
  columns,
  text: { kernel: 'fields', defaultFields },
  wrapped: true,
  json: false,
  // By the end of its interval, at most ten minutes after its start, and late ones too, by their names; an hour more is for `vpc_flows`, whose
  // time is the hour before a start, and the rest for what the manual does not promise.
  filedWithinHours: 3,
  views: [
    {
      name: 'vpc_flow_view',
      doc: "The 14 fields of the default format, under the names of the view in Snowflake's VPC Flow Logs quickstart.",
      sql: `select
  account_id,
  action,
  bytes,
  dstaddr,
  dstport,
  "end" as "END",
  interface_id,
  log_status,
  packets,
  protocol,
  srcaddr,
  srcport,
  start as "START",
  version
from logs.vpc_flow_logs`,
    },
    {
      name: 'vpc_flows',
      doc: 'Each flow once: traffic of one hour between two addresses and ports, as the interface saw it that recorded most of it. Records that two flow logs wrote alike are one. An interval that begins before the hour at one interface and after it at the other is in both hours.',
      sql: `select hour, srcaddr, dstaddr, srcport, dstport, protocol, action, max(bytes) as bytes, max(packets) as packets, count(*) as interfaces
from (
  select date_trunc('hour', start) as hour, interface_id, srcaddr, dstaddr, srcport, dstport, protocol, action, sum(bytes) as bytes, sum(packets) as packets
  from (
    select distinct interface_id, srcaddr, dstaddr, srcport, dstport, protocol, action, start, "end", bytes, packets
    from logs.vpc_flow_logs
    where srcaddr is not null
  ) as records
  group by date_trunc('hour', start), interface_id, srcaddr, dstaddr, srcport, dstport, protocol, action
) as at_interfaces
group by hour, srcaddr, dstaddr, srcport, dstport, protocol, action`,
    },
  ],
  recognises(sample: Sample): boolean {
    if (sample.form === 'text') return recognisesLine(sample.firstLine)
    return sample.form === 'parquet' && recognisesColumns(sample.columns)
  },
  example: `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.0.220 49152 443 6 20 4249 1760104536 1760104596 ACCEPT OK
2 123456789012 eni-0a1b2c3d4e5f60718 - - - - - - - 1760104596 1760104656 - NODATA`,
}

export default vpcFlowLogs

function recognisesLine(line: string): boolean {
  const words = flowLogWords(line)
  if (isFieldHeader(words, fieldNames)) return !words.some(isTransitGatewayField)
  return isDefaultLine(words) || isCustomLine(words)
}

/** A line of a custom format without header: its order must be declared, but what it is shows in its words. */
function isCustomLine(words: readonly string[]): boolean {
  const count = (pattern: RegExp) => words.filter((word) => pattern.test(word)).length
  return (
    count(/^eni-[0-9a-f]{8,}$/) > 0 &&
    count(/^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]*:[0-9a-f:]+$/) > 1 &&
    count(/^tgw-/) === 0
  )
}

function recognisesColumns(columnNames: readonly string[]): boolean {
  const names = new Set(columnNames.map(columnName))
  const isFlow = names.has('srcaddr') && names.has('dstaddr')
  const isVpc = names.has('interface_id') || names.has('action') || names.has('log_status')
  return isFlow && isVpc && !columnNames.some(isTransitGatewayField)
}

function isDefaultLine(words: readonly string[]): boolean {
  const [version = '', account = '', networkInterface = ''] = words
  return (
    words.length === defaultFields.length &&
    /^\d+$/.test(version) &&
    /^(\d{12}|unknown)$/.test(account) &&
    /^(eni-.+|-)$/.test(networkInterface) &&
    /^(OK|NODATA|SKIPDATA)$/.test(words[13] ?? '')
  )
}
