import type { EcsTask } from './ecs-tasks.ts'
import type { FlowRecord } from './flow-records.ts'
import type { LineBuffer } from './line-buffer.ts'

/** A flow log field: its name in AWS's log format, since which version, its type in Parquet, and how to write it. */
export interface FlowField {
  /** Name in the header of a text file, with hyphens. */
  name: string
  version: number
  type: 'INTEGER' | 'BIGINT' | 'VARCHAR'
  /** Has a value in NODATA and SKIPDATA records too. */
  isAlwaysThere: boolean
  write(out: LineBuffer, record: FlowRecord, version: number): void
}

/** Every VPC flow log field of versions 2 to 11, in AWS's order. */
export const flowFields: readonly FlowField[] = [
  { name: 'version', version: 2, type: 'INTEGER', isAlwaysThere: true, write: (out, _, version) => out.int(version) },
  always('account-id', (record) => record.interface.accountId),
  always('interface-id', (record) => record.interface.id),
  text('srcaddr', 2, (record) => record.srcaddr),
  text('dstaddr', 2, (record) => record.dstaddr),
  integer('srcport', 2, (record) => record.srcport),
  integer('dstport', 2, (record) => record.dstport),
  integer('protocol', 2, (record) => record.protocol),
  { ...integer('packets', 2, (record) => record.packets), type: 'BIGINT' },
  { ...integer('bytes', 2, (record) => record.bytes), type: 'BIGINT' },
  { ...integer('start', 2, (record) => record.start), type: 'BIGINT', isAlwaysThere: true },
  { ...integer('end', 2, (record) => record.end), type: 'BIGINT', isAlwaysThere: true },
  text('action', 2, (record) => (record.isAccepted ? 'ACCEPT' : 'REJECT')),
  always('log-status', (record) => record.status),

  text('vpc-id', 3, (record) => record.interface.vpcId),
  text('subnet-id', 3, (record) => record.interface.subnetId),
  text('instance-id', 3, (record) => record.interface.instanceId),
  integer('tcp-flags', 3, (record) => record.tcpFlags),
  text('type', 3, (record) => (record.isIpv6 ? 'IPv6' : 'IPv4')),
  text('pkt-srcaddr', 3, (record) => record.pktSrcaddr),
  text('pkt-dstaddr', 3, (record) => record.pktDstaddr),

  text('region', 4, (record) => record.region),
  text('az-id', 4, (record) => record.interface.azId),
  text('sublocation-type', 4, (record) => record.interface.sublocationType),
  text('sublocation-id', 4, (record) => record.interface.sublocationId),

  text('pkt-src-aws-service', 5, (record) => record.srcService),
  text('pkt-dst-aws-service', 5, (record) => record.dstService),
  text('flow-direction', 5, (record) => (record.isEgress ? 'egress' : 'ingress')),
  integer('traffic-path', 5, (record) => record.trafficPath || -1),

  ecs('ecs-cluster-arn', (task) => task.clusterArn),
  ecs('ecs-cluster-name', (task) => task.clusterName),
  ecs('ecs-container-instance-arn', (task) => task.containerInstanceArn),
  ecs('ecs-container-instance-id', (task) => task.containerInstanceId),
  ecs('ecs-container-id', (task) => task.containerId),
  ecs('ecs-second-container-id', (task) => task.secondContainerId),
  ecs('ecs-service-name', (task) => task.serviceName),
  ecs('ecs-task-definition-arn', (task) => task.taskDefinitionArn),
  ecs('ecs-task-arn', (task) => task.taskArn),
  ecs('ecs-task-id', (task) => task.taskId),

  text('reject-reason', 8, (record) => record.rejectReason),
  text('resource-id', 9, (record) => record.interface.resourceId),
  integer('encryption-status', 10, (record) => record.encryption),

  text('instance-tag', 11, (record) => record.interface.instanceTag),
  text('instance-tag-2', 11, (record) => record.interface.instanceTag2),
  text('interface-tag', 11, (record) => record.interface.interfaceTag),
  text('interface-tag-2', 11, () => '-'),
  text('asg-tag', 11, (record) => record.interface.groupTag),
  text('asg-tag-2', 11, () => '-'),
  text('interface-type', 11, (record) => record.interface.interfaceType),
  text('next-hop-interface-type', 11, (record) => record.nextHop?.interfaceType ?? '-'),
  text('next-hop-interface-id', 11, (record) => record.nextHop?.id ?? '-'),
  text('next-hop-subnet-id', 11, (record) => record.nextHop?.subnetId ?? '-'),
  text('next-hop-az-id', 11, (record) => record.nextHop?.azId ?? '-'),
  text('next-hop-vpc-id', 11, (record) => record.nextHop?.vpcId ?? '-'),
]

/** The chosen fields in their order: a named set, or a list of names. */
export function chooseFields(choice: string | readonly string[]): FlowField[] {
  if (choice === 'default') return flowFields.filter((field) => field.version <= 2)
  if (choice === 'v5') return flowFields.filter((field) => field.version <= 5)
  if (choice === 'full') return [...flowFields]
  if (typeof choice === 'string')
    throw new RangeError(`There is no set of fields named "${choice}": use default, v5, full or a list of names.`)
  if (new Set(choice).size !== choice.length) throw new RangeError('A field is named twice: name every field once.')
  if (choice.length === 0) throw new RangeError('The list of fields is empty: name at least one field.')
  return choice.map((name) => {
    const field = flowFields.find((known) => known.name === name)
    if (field === undefined)
      throw new RangeError(`There is no flow log field "${name}": use AWS's names with hyphens, such as pkt-srcaddr.`)
    return field
  })
}

/** The value of the version field: the highest version among the fields. */
export function formatVersion(fields: readonly FlowField[]): number {
  return Math.max(...fields.map((field) => field.version))
}

/** Writes a record as one line. */
export function writeFlowLine(
  out: LineBuffer,
  record: FlowRecord,
  fields: readonly FlowField[],
  version: number,
): void {
  out.startLine()
  const hasTraffic = record.status === 'OK'
  let isFirst = true
  for (const field of fields) {
    if (isFirst) isFirst = false
    else out.byte(32)
    if (hasTraffic || field.isAlwaysThere) field.write(out, record, version)
    else out.byte(45)
  }
  out.endLine()
}

function text(name: string, version: number, value: (record: FlowRecord) => string): FlowField {
  return { name, version, type: 'VARCHAR', isAlwaysThere: false, write: (out, record) => out.text(value(record)) }
}

function always(name: string, value: (record: FlowRecord) => string): FlowField {
  return { ...text(name, 2, value), isAlwaysThere: true }
}

/** A number; one below zero is written as `-`. */
function integer(name: string, version: number, value: (record: FlowRecord) => number): FlowField {
  const write = (out: LineBuffer, record: FlowRecord): void => {
    const number = value(record)
    if (number < 0) out.byte(45)
    else out.int(number)
  }
  return { name, version, type: 'INTEGER', isAlwaysThere: false, write }
}

function ecs(name: string, value: (task: EcsTask) => string): FlowField {
  return text(name, 7, ({ interface: { ecs: task } }) => (task === undefined ? '-' : value(task)))
}
