import type { CreateFlowLogsRequest, Filter, FlowLog, FlowLogsResourceType } from '@aws-sdk/client-ec2'
import type { Clients } from '../clients.ts'
import { isSame } from '../policy.ts'
import type { Comparison, Kind, WantedBase } from '../resource.ts'
import { type Step, isMadeBy, setupTag, setupTags } from '../step.ts'

/** Everything of a flow log that is not its resource: none of it can be changed once it is there. As CreateFlowLogs takes it. */
export type FlowLogSettings = Readonly<
  Pick<
    CreateFlowLogsRequest,
    | 'TrafficType'
    | 'LogDestinationType'
    | 'LogDestination'
    | 'LogGroupName'
    | 'DeliverLogsPermissionArn'
    | 'LogFormat'
    | 'MaxAggregationInterval'
    | 'DestinationOptions'
    | 'TagFieldSpecifications'
  >
>

/** Flow logs of one kind of resources, alike in all settings: AWS makes one for each resource. */
export interface WantedFlowLog extends WantedBase {
  readonly kind: 'flow log'
  readonly setup: string
  readonly resourceType: FlowLogsResourceType
  readonly resourceIds: readonly string[]
  readonly settings: FlowLogSettings
  /** What AWS gives as the format where none was sent. */
  readonly defaultFormat: string
  /** What comes first where one takes another's place. */
  readonly replace: 'create-first' | 'delete-first'
}

interface FoundFlowLogs {
  /** Those of this setup by this name, on whatever resource. */
  readonly own: readonly FlowLog[]
  /** All others on the wanted resources. */
  readonly others: readonly FlowLog[]
}

/** Tells the flow logs of one entry of a setup from those of another. */
const nameTag = 'millrace:flow-log'

export const flowLogKind: Kind<WantedFlowLog, FoundFlowLogs> = {
  async read({ name, setup, resourceIds }, on) {
    const byTag = [
      { Name: `tag:${setupTag}`, Values: [setup] },
      { Name: `tag:${nameTag}`, Values: [name] },
    ]
    const own = (await describe(on, byTag)).filter((log) => isOwn(log, setup, name))
    const others: FlowLog[] = []
    for (const Values of inParts(resourceIds, filterValues))
      others.push(...(await describe(on, [{ Name: 'resource-id', Values }])).filter((log) => !isOwn(log, setup, name)))
    return { own, others }
  },

  compare(wanted, { own, others } = { own: [], others: [] }): Comparison {
    const { resourceIds, replace } = wanted
    const kept = keptOf(wanted, own)
    const missing = resourceIds.filter((id) => !kept.has(id))
    const surplus = own.filter((log) => kept.get(log.ResourceId ?? '') !== log)
    const [creating, deleting] = [createSteps(wanted, missing), deleteSteps(surplus)]
    const steps = replace === 'create-first' ? [...creating, ...deleting] : [...deleting, ...creating]
    const isReplaced = surplus.some(({ ResourceId }) => missing.includes(ResourceId ?? ''))
    const remarks = [...(isReplaced ? [replacements[replace]] : []), ...otherRemarks(wanted, others)]
    if (steps.length === 0) return { state: 'same', differences: [], steps, remarks }
    const isNew = own.length === 0
    const absent = missing.filter((id) => !own.some(({ ResourceId }) => ResourceId === id))
    const differences = [
      ...surplus.flatMap((log) => differencesOf(wanted, log)),
      ...(isNew ? [] : absent.map((id) => `${id} has none`)),
    ]
    return { state: isNew ? 'missing' : 'differs', differences, steps, remarks }
  },

  remove: (_wanted, { own }) => ({
    steps: deleteSteps(own),
    remarks: own.length === 0 ? [] : ['Flow logs may go on delivering for some minutes after they are deleted.'],
  }),

  facts: (_wanted, { own }) => own.map(factOf),
}

/** The most ids of a call (API reference, CreateFlowLogs and DeleteFlowLogs), and values of a filter (API reference, Filter). */
const gatewayIds = 25
const otherIds = 300
const deletedIds = 1000
const filterValues = 200

/** How many resources of a type one CreateFlowLogs takes. */
export function idsPerCall(type: FlowLogsResourceType): number {
  return /^TransitGateway|^CoreNetwork/.test(type) ? gatewayIds : otherIds
}

export function inParts<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_part, index) => all.slice(index * size, (index + 1) * size))
}

/** All flow logs that filters leave, page by page, in the order of their ids. */
export async function describe(
  on: Clients,
  filter: readonly Filter[],
  ids: readonly string[] = [],
): Promise<FlowLog[]> {
  const ec2 = await on.ec2()
  const found: FlowLog[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.describeFlowLogs({
      ...(filter.length === 0 ? {} : { Filter: [...filter] }),
      ...(ids.length === 0 ? {} : { FlowLogIds: [...ids] }),
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    found.push(...(page.FlowLogs ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined && NextToken !== '')
  // AWS names no order, and a plan is to be the same twice.
  return found.toSorted(({ FlowLogId: a = '' }, { FlowLogId: b = '' }) => (a < b ? -1 : 1))
}

function isOwn({ Tags = [] }: FlowLog, setup: string, name: string): boolean {
  return isMadeBy(setup, Tags) && Tags.some(({ Key, Value }) => Key === nameTag && Value === name)
}

/** Of each resource the flow log that is as it should be: the oldest, if there are several. */
function keptOf(wanted: WantedFlowLog, own: readonly FlowLog[]): Map<string, FlowLog> {
  const kept = new Map<string, FlowLog>()
  const oldestFirst = own.toSorted((a, b) => (a.CreationTime?.getTime() ?? 0) - (b.CreationTime?.getTime() ?? 0))
  for (const log of oldestFirst) {
    const { ResourceId = '' } = log
    if (wanted.resourceIds.includes(ResourceId) && !kept.has(ResourceId) && settingsDiffering(wanted, log).length === 0)
      kept.set(ResourceId, log)
  }
  return kept
}

/** The input of CreateFlowLogs for some of the resources. */
export function createInput(
  { name, setup, resourceType, settings }: WantedFlowLog,
  ids: readonly string[],
): CreateFlowLogsRequest {
  const Tags = [...setupTags(setup), { Key: nameTag, Value: name }]
  return {
    ResourceType: resourceType,
    ResourceIds: [...ids],
    ...settings,
    TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags }],
  }
}

function createSteps(wanted: WantedFlowLog, ids: readonly string[]): Step[] {
  return inParts(ids, idsPerCall(wanted.resourceType)).map((part) => ({
    does: `Log ${trafficOf(wanted.settings)} of ${part.join(', ')} to ${destinationOf(wanted.settings)}.`,
    call: { operation: 'ec2:CreateFlowLogs', input: createInput(wanted, part) },
  }))
}

function deleteSteps(logs: readonly FlowLog[]): Step[] {
  const named = logs.filter(({ FlowLogId }) => FlowLogId !== undefined)
  return inParts(named, deletedIds).map((part) => ({
    does: `Delete the flow ${part.length === 1 ? 'log' : 'logs'} ${part.map(({ FlowLogId, ResourceId }) => `${FlowLogId} of ${ResourceId}`).join(', ')}.`,
    call: {
      operation: 'ec2:DeleteFlowLogs',
      input: { FlowLogIds: part.flatMap(({ FlowLogId }) => (FlowLogId === undefined ? [] : [FlowLogId])) },
    },
  }))
}

const replacements = {
  'create-first':
    'A flow log cannot be changed, so a new one is made before the old one is deleted. For some minutes both log: records of that time come twice, which logs.vpc_flows counts once, and nothing is lost.',
  'delete-first':
    'A flow log cannot be changed, so the old one is deleted and a new one made after that, as you asked. Traffic in between is not logged.',
}

/** Another entry of the setup may be one that its file has no more. */
function otherRemarks({ setup }: WantedFlowLog, others: readonly FlowLog[]): string[] {
  return others.map((log) => {
    const { ResourceId = '', FlowLogId = '', Tags = [] } = log
    const entry = isMadeBy(setup, Tags) ? Tags.find(({ Key }) => Key === nameTag)?.Value : undefined
    const whose = entry === undefined ? 'which is left alone' : `by the entry ${entry} of this setup`
    return `${ResourceId} has the flow log ${FlowLogId} to ${destinationOf(log)} besides, ${whose}: loaded together, its traffic comes twice.`
  })
}

function trafficOf({ TrafficType = 'ALL' }: FlowLogSettings): string {
  return TrafficType === 'ALL' ? 'the traffic' : `the ${TrafficType === 'ACCEPT' ? 'accepted' : 'rejected'} traffic`
}

function destinationOf({ LogDestination, LogGroupName }: FlowLogSettings | FlowLog): string {
  return LogGroupName === undefined ? (LogDestination ?? '') : `the log group ${LogGroupName}`
}

function differencesOf(wanted: WantedFlowLog, log: FlowLog): string[] {
  const { FlowLogId = '', ResourceId = '' } = log
  const which = `${FlowLogId} of ${ResourceId}`
  if (!wanted.resourceIds.includes(ResourceId)) return [`${which} is not wanted any more`]
  const differing = settingsDiffering(wanted, log)
  if (differing.length === 0) return [`${which} is there twice`]
  return differing.map(([name, is, should]) => `the ${name} of ${which} is ${is}, not ${should}`)
}

/** In words; what AWS gives for what was not sent is the same as not sending it. */
function settingsDiffering({ settings, defaultFormat }: WantedFlowLog, log: FlowLog): [string, string, string][] {
  const pairs = (one: FlowLogSettings | FlowLog): Record<string, unknown> => ({
    traffic: one.TrafficType ?? 'ALL',
    destination: destinationOf(withGroup(one)).replace(/\/$/, ''),
    role: one.DeliverLogsPermissionArn ?? 'none',
    format: one.LogFormat ?? defaultFormat,
    'aggregation interval': one.MaxAggregationInterval ?? 600,
    'file format': one.DestinationOptions?.FileFormat ?? 'plain-text',
    'Hive-compatible prefix': one.DestinationOptions?.HiveCompatiblePartitions ?? false,
    'prefix by the hour': one.DestinationOptions?.PerHourPartition ?? false,
    'fields of tags': tagFieldsOf(one),
  })
  const [is, should] = [pairs(log), pairs(settings)]
  return Object.keys(should)
    .filter((key) => !isSame(is[key], should[key]))
    .map((key) => [key, textOf(is[key]), textOf(should[key])])
}

/** The order of keys tells which field is of which; that of the kinds of resources does not. */
function tagFieldsOf({ TagFieldSpecifications: all = [] }: FlowLogSettings | FlowLog): string {
  const texts = all.map(({ ResourceType = '', TagKeys = [] }) => `${ResourceType} ${JSON.stringify(TagKeys)}`)
  return texts.length === 0 ? 'none' : texts.toSorted().join(', ')
}

/** AWS gives a log group by its ARN where it was made so. */
function withGroup(one: FlowLogSettings | FlowLog): FlowLogSettings | FlowLog {
  const [, group] = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(one.LogDestination ?? '') ?? []
  return group === undefined ? one : { LogGroupName: group }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function factOf(log: FlowLog): string {
  const { FlowLogId, ResourceId, FlowLogStatus, DeliverLogsStatus, DeliverLogsErrorMessage, CreationTime } = log
  const since = CreationTime === undefined ? '' : ` since ${CreationTime.toISOString()}`
  const error = DeliverLogsErrorMessage === undefined ? '' : ` (${DeliverLogsErrorMessage})`
  const why = DeliverLogsStatus === 'FAILED' ? (whys[DeliverLogsErrorMessage ?? ''] ?? '') : ''
  return `${FlowLogId ?? ''} of ${ResourceId ?? ''} is ${FlowLogStatus ?? 'unknown'}${since}, delivery ${DeliverLogsStatus ?? 'unknown'}${error}.${why}`
}

/** EC2 API reference, FlowLog. */
const whys: Readonly<Record<string, string>> = {
  'Access error':
    ' The delivery role or the policy of the bucket does not let it write; "millrace aws plan" says what differs.',
  'Rate limited': ' CloudWatch Logs was asked for too much at once, or has too many log groups.',
  'Unknown error': ' AWS failed inside; it tries again.',
}
