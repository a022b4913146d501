import { awsRegions } from '../log-type/aws-regions.ts'
import { columnName, flowLogWords, isFieldHeader, isTransitGatewayField } from '../log-type/flow-header.ts'
import type { Column, LogType, Sample } from '../log-type/log-type.ts'

const columns: readonly Column[] = [
  {
    name: 'version',
    kind: 'integer',
    since: 2,
    doc: 'Flow-log version of the record: 6 in the default format, else the highest version among the chosen fields.',
  },
  {
    name: 'resource_type',
    kind: 'enum',
    values: ['TransitGateway'],
    since: 6,
    doc: 'Kind of resource the record is of: TransitGateway.',
  },
  { name: 'account_id', kind: 'text', since: 2, doc: 'Account that owns the transit gateway, 12 digits.' },
  { name: 'tgw_id', kind: 'text', since: 6, doc: 'Transit gateway the traffic was recorded on.' },
  {
    name: 'tgw_attachment_id',
    kind: 'text',
    since: 6,
    doc: 'Transit gateway attachment the traffic was recorded on. Traffic of a Connect attachment stands under its transport attachment.',
  },
  {
    name: 'tgw_src_vpc_account_id',
    kind: 'text',
    since: 6,
    doc: 'Account that owns the VPC the traffic comes from. NULL where the source is not a VPC attachment.',
  },
  {
    name: 'tgw_dst_vpc_account_id',
    kind: 'text',
    since: 6,
    doc: 'Account that owns the VPC the traffic goes to. NULL where the destination is not a VPC attachment.',
  },
  {
    name: 'tgw_src_vpc_id',
    kind: 'text',
    since: 6,
    doc: 'VPC the traffic comes from. NULL where the source is not a VPC attachment.',
  },
  {
    name: 'tgw_dst_vpc_id',
    kind: 'text',
    since: 6,
    doc: 'VPC the traffic goes to. NULL where the destination is not a VPC attachment.',
  },
  {
    name: 'tgw_src_subnet_id',
    kind: 'text',
    since: 6,
    doc: 'Subnet the traffic comes from. NULL where the source is not a VPC attachment.',
  },
  {
    name: 'tgw_dst_subnet_id',
    kind: 'text',
    since: 6,
    doc: 'Subnet the traffic goes to. NULL where the destination is not a VPC attachment.',
  },
  {
    name: 'tgw_src_eni',
    kind: 'text',
    since: 6,
    doc: 'Network interface of the source attachment. NULL where the source is not a VPC attachment.',
  },
  {
    name: 'tgw_dst_eni',
    kind: 'text',
    since: 6,
    doc: 'Network interface of the destination attachment. NULL where the destination is not a VPC attachment.',
  },
  {
    name: 'tgw_src_az_id',
    kind: 'text',
    since: 6,
    doc: 'Availability Zone ID the traffic comes from, such as `use1-az1`. NULL where the source is not a VPC attachment.',
  },
  {
    name: 'tgw_dst_az_id',
    kind: 'text',
    since: 6,
    doc: 'Availability Zone ID the traffic goes to, such as `use1-az1`. NULL where the destination is not a VPC attachment.',
  },
  {
    name: 'tgw_pair_attachment_id',
    kind: 'text',
    since: 6,
    doc: 'Attachment at the other side of the transit gateway: where ingress traffic leaves, or where egress traffic came in.',
  },
  {
    name: 'srcaddr',
    kind: 'address',
    since: 2,
    doc: 'Source address of the traffic. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'dstaddr',
    kind: 'address',
    since: 2,
    doc: 'Destination address of the traffic. NULL in NODATA and SKIPDATA records.',
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
    doc: 'Packets of the flow in the interval of 60 seconds. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'bytes',
    kind: 'bigint',
    since: 2,
    doc: 'Bytes of the flow in the interval of 60 seconds. NULL in NODATA and SKIPDATA records.',
  },
  {
    name: 'start',
    kind: 'epoch',
    since: 2,
    doc: 'When the first packet of the interval was recorded, UTC, to the second.',
  },
  {
    name: 'end',
    kind: 'epoch',
    since: 2,
    doc: 'When the last packet of the interval was recorded, UTC, to the second. A reserved word: write `"end"` in SQL.',
  },
  {
    name: 'log_status',
    kind: 'enum',
    values: ['OK', 'NODATA', 'SKIPDATA'],
    since: 2,
    doc: 'OK; NODATA where there was no traffic in the interval; SKIPDATA where AWS lost records of the interval.',
  },
  { name: 'type', kind: 'enum', values: ['IPv4', 'IPv6', 'EFA'], since: 3, doc: 'Kind of traffic: IPv4, IPv6 or EFA.' },
  {
    name: 'packets_lost_no_route',
    kind: 'bigint',
    since: 6,
    doc: 'Packets dropped because no route leads to the destination.',
  },
  {
    name: 'packets_lost_blackhole',
    kind: 'bigint',
    since: 6,
    doc: 'Packets dropped because the route is a blackhole.',
  },
  {
    name: 'packets_lost_mtu_exceeded',
    kind: 'bigint',
    since: 6,
    doc: 'Packets dropped because they are larger than the MTU.',
  },
  {
    name: 'packets_lost_ttl_expired',
    kind: 'bigint',
    since: 6,
    doc: 'Packets dropped because their time to live ran out.',
  },
  {
    name: 'tcp_flags',
    kind: 'integer',
    since: 3,
    doc: 'TCP flags seen in the interval, OR-ed: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG. NULL for combinations AWS does not support.',
  },
  {
    name: 'region',
    kind: 'enum',
    values: awsRegions,
    since: 4,
    doc: 'AWS region of the transit gateway the traffic was recorded on.',
  },
  {
    name: 'flow_direction',
    kind: 'enum',
    values: ['ingress', 'egress'],
    since: 5,
    doc: 'ingress for traffic into the transit gateway, egress for traffic out of it. The same traffic is recorded once for each.',
  },
  {
    name: 'pkt_src_aws_service',
    kind: 'text',
    since: 5,
    doc: "AWS service whose published address ranges hold `srcaddr`, such as S3 or CLOUDFRONT. NULL where the address is not AWS's.",
  },
  {
    name: 'pkt_dst_aws_service',
    kind: 'text',
    since: 5,
    doc: "AWS service whose published address ranges hold `dstaddr`, such as S3 or CLOUDFRONT. NULL where the address is not AWS's.",
  },
]

const fieldNames = new Set(columns.map((column) => column.name))
const defaultFields = columns.map((column) => column.name.replaceAll('_', '-'))

const tgwFlowLogs: LogType = {
  name: 'tgw-flow-logs',
  table: 'tgw_flow_logs',
  title: 'Transit Gateway Flow Logs',
  doc: 'Records of the IP traffic through transit gateways: one row per flow, attachment and interval of 60 seconds. The same traffic is recorded on the attachment where it enters and on the one where it leaves, so fix `flow_direction` before summing. There is no action: a transit gateway drops traffic for reasons the `packets_lost` columns count.',
  columns,
  text: { kernel: 'fields', defaultFields },
  wrapped: true,
  json: false,
  recognises(sample: Sample): boolean {
    if (sample.form === 'text') return recognisesLine(sample.firstLine)
    return sample.form === 'parquet' && recognisesColumns(sample.columns)
  },
  example: `${defaultFields.join(' ')}
6 TransitGateway 123456789012 tgw-0a1b2c3d4e5f60718 tgw-attach-0a1b2c3d4e5f60718 123456789012 210987654321 vpc-0a1b2c3d4e5f60718 vpc-08172635445362718 subnet-0a1b2c3d4e5f60718 subnet-08172635445362718 eni-0a1b2c3d4e5f60718 eni-08172635445362718 use1-az1 use1-az2 tgw-attach-08172635445362718 10.0.1.5 10.1.2.6 49152 443 6 20 4249 1760104536 1760104596 OK IPv4 0 0 0 0 27 us-east-1 ingress - -`,
}

export default tgwFlowLogs

function recognisesLine(line: string): boolean {
  const words = flowLogWords(line)
  return isDefaultLine(words) || (isFieldHeader(words, fieldNames) && words.some(isTransitGatewayField))
}

function recognisesColumns(columnNames: readonly string[]): boolean {
  const names = new Set(columnNames.map(columnName))
  return names.has('srcaddr') && names.has('dstaddr') && columnNames.some(isTransitGatewayField)
}

function isDefaultLine(words: readonly string[]): boolean {
  const [version = '', , account = '', gateway = ''] = words
  return (
    words.length === defaultFields.length &&
    /^\d+$/.test(version) &&
    /^(\d{12}|unknown)$/.test(account) &&
    gateway.startsWith('tgw-') &&
    /^(OK|NODATA|SKIPDATA)$/.test(words[25] ?? '')
  )
}
