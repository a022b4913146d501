import type { CreateFlowLogsRequest, DestinationOptionsRequest, FlowLog, UnsuccessfulItem } from '@aws-sdk/client-ec2'
import { z } from 'zod'
import type { Account } from '../../aws-setup/account.ts'
import { fullFormat } from '../../aws-setup/flow-log-fields.ts'
import { levelOf, type ResourceType, resourceTypes } from '../../aws-setup/flow-log-form.ts'
import { explained } from '../../aws-setup/refusals.ts'
import { describe, idsPerCall, inParts } from '../../aws-setup/resources/flow-log.ts'
import { readSetup } from '../../aws-setup/setup.ts'
import { sentenceOf } from '../../aws-setup/unsuccessful.ts'
import { MillraceError } from '../../errors.ts'
import { namedColumns, printRows } from '../output/print.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { note } from '../terminal/notes.ts'
import { stringifyJson } from '../../server/json.ts'
import { write } from '../terminal/stdout.ts'
import { confirmed } from './confirm.ts'
import type { SetupFlags } from './flags.ts'
import { onAccounts } from './run.ts'
import { stepsText } from './show.ts'

/** Flags as the aws command has them. */
export interface FlowLogsFlags extends Pick<SetupFlags, 'region' | 'profile' | 'roleArn'> {
  readonly resourceType?: ResourceType
  readonly resourceIds?: readonly string[]
  readonly trafficType?: 'ACCEPT' | 'REJECT' | 'ALL'
  readonly logDestinationType: 'cloud-watch-logs' | 's3' | 'kinesis-data-firehose'
  readonly logDestination?: string
  readonly logGroupName?: string
  readonly deliverLogsPermissionArn?: string
  readonly deliverCrossAccountRole?: string
  readonly logFormat?: string
  readonly maxAggregationInterval?: number
  readonly destinationOptions?: string
  readonly tagFieldSpecifications?: string
  readonly flowLogIds?: readonly string[]
  readonly yes?: true
}

/** Makes flow logs once the requests were agreed to; they belong to no setup. Exit code 1 where any is unsuccessful. */
export async function create(flags: FlowLogsFlags, global: GlobalFlags): Promise<void> {
  const inputs = inputsOf(flags)
  await onOne(flags, async (account) => {
    const steps = inputs.map((input) => ({
      does: `Make flow logs of ${(input.ResourceIds ?? []).join(', ')}.`,
      call: { operation: 'ec2:CreateFlowLogs', input } as const,
    }))
    if (global.output === 'table') await write(`${stepsText(steps, account)}\n`)
    if (flags.logDestinationType === 's3' && global.output === 'table' && global.quiet !== true) note(policyRemark)
    if (!(await confirmed('Make these flow logs?', { isSaid: flags.yes === true, output: global.output }))) {
      note('Nothing was changed.')
      process.exitCode = 1
      return
    }
    const FlowLogIds: string[] = []
    const Unsuccessful: UnsuccessfulItem[] = []
    for (const input of inputs) {
      const ec2 = await account.clients.ec2()
      const answer = await ec2.createFlowLogs(structuredClone(input)).catch((error: unknown) => {
        throw explained(error, madeText(FlowLogIds, 'Making flow logs'))
      })
      FlowLogIds.push(...(answer.FlowLogIds ?? []))
      Unsuccessful.push(...(answer.Unsuccessful ?? []))
    }
    if (Unsuccessful.length > 0) process.exitCode = 1
    if (global.output !== 'table') return write(`${stringifyJson({ FlowLogIds, Unsuccessful })}\n`)
    for (const id of FlowLogIds) await write(`${id}\n`)
    for (const item of Unsuccessful) note(`Unsuccessful: ${sentenceOf(item)}`)
  })
}

/** VPC User Guide, "Amazon S3 bucket permissions for flow logs": what is not requested here, AWS does by itself. */
const policyRemark =
  'Where the policy of the bucket does not let flow logs in, AWS writes one by itself, and may put it in the place of the one that is there. "millrace aws apply" merges it before.'

/** Prints flow logs: all of a region, or those of ids or resources. */
export async function list(flags: FlowLogsFlags, global: GlobalFlags): Promise<void> {
  await onOne(flags, async ({ clients }) => {
    const { resourceIds, flowLogIds = [] } = flags
    const filter = resourceIds === undefined ? [] : [{ Name: 'resource-id', Values: [...resourceIds] }]
    const found = await describe(clients, filter, flowLogIds).catch((error: unknown) => {
      throw explained(error, 'Listing flow logs')
    })
    await printRows(global.output, listColumns, global.output === 'json' ? found : found.map(rowOf))
  })
}

const listColumns = namedColumns(
  [
    'FlowLogId',
    'ResourceId',
    'TrafficType',
    'LogDestinationType',
    'LogDestination',
    'DeliverLogsStatus',
    'DeliverLogsErrorMessage',
    'FlowLogStatus',
    'CreationTime',
  ],
  [],
)

/** A log group stands where a bucket does. */
function rowOf(log: FlowLog): object {
  return {
    ...log,
    LogDestination: log.LogDestination ?? log.LogGroupName,
    CreationTime: log.CreationTime?.toISOString(),
  }
}

async function onOne(flags: FlowLogsFlags, run: (account: Account) => Promise<void>): Promise<void> {
  await onAccounts(flags, readSetup(undefined, {}), async ([account, ...others]) => {
    if (account === undefined || others.length > 0)
      throw new MillraceError('USAGE', 'Flow logs are of one account. Name one profile or one role at a time.')
    await run(account)
  })
}

/** What was done before a failure, as the beginning of a sentence. */
function madeText(ids: readonly string[], sentence: string): string {
  return ids.length === 0
    ? sentence
    : `After ${ids.join(', ')} ${ids.length === 1 ? 'was' : 'were'} made, making others`
}

/** The requests that flags come to. Throws USAGE where one is missing. */
function inputsOf(flags: FlowLogsFlags): CreateFlowLogsRequest[] {
  const { resourceIds: ids = [], logDestination, logGroupName } = flags
  if (ids.length === 0) throw new MillraceError('USAGE', 'Say of what flow logs are to be made: --resource-ids vpc-….')
  if (logDestination === undefined && logGroupName === undefined)
    throw new MillraceError('USAGE', 'Say where flow logs go: --log-destination with an ARN, or --log-group-name.')
  const type = flags.resourceType ?? typeOf(ids)
  const isGateway = type.startsWith('TransitGateway')
  if (isGateway && flags.trafficType !== undefined)
    throw new MillraceError(
      'USAGE',
      'Transit gateways log all traffic, and AWS refuses --traffic-type for them: leave it out.',
    )
  const tagFields = read(tagFieldsForm, flags.tagFieldSpecifications, '--tag-field-specifications')
  const named = tagFields?.map(({ ResourceType, TagKeys }) => ({ resource_type: ResourceType, keys: TagKeys })) ?? []
  const LogFormat = flags.logFormat === 'full' ? fullFormat(isGateway ? 'tgw' : 'vpc', named) : flags.logFormat
  const settings: CreateFlowLogsRequest = {
    ResourceType: type,
    ResourceIds: undefined,
    TrafficType: isGateway ? undefined : (flags.trafficType ?? 'ALL'),
    LogDestinationType: flags.logDestinationType,
    LogDestination: logDestination,
    LogGroupName: logGroupName,
    DeliverLogsPermissionArn: flags.deliverLogsPermissionArn,
    DeliverCrossAccountRole: flags.deliverCrossAccountRole,
    LogFormat: LogFormat === 'default' ? undefined : LogFormat,
    MaxAggregationInterval: flags.maxAggregationInterval ?? (isGateway ? 60 : undefined),
    DestinationOptions: optionsOf(flags.destinationOptions),
    TagFieldSpecifications: tagFields,
  }
  return inParts(ids, idsPerCall(type)).map((ResourceIds) => ({ ...settings, ResourceIds }))
}

function typeOf(ids: readonly string[]): ResourceType {
  const types = [...new Set(ids.map((id) => levelOf(id)?.type))]
  const [type, ...others] = types
  if (type !== undefined && others.length === 0) return type
  throw new MillraceError(
    'USAGE',
    `The ids do not tell one kind of resource. Add --resource-type ${resourceTypes.join('|')}.`,
  )
}

const optionsForm = z.strictObject({
  FileFormat: z.enum(['plain-text', 'parquet']).optional(),
  HiveCompatiblePartitions: z.boolean().optional(),
  PerHourPartition: z.boolean().optional(),
})
const tagFieldsForm = z
  .array(
    z.strictObject({
      ResourceType: z.enum(['instance', 'network-interface', 'auto-scaling-group']),
      TagKeys: z.array(z.string()).min(1).max(2),
    }),
  )
  .min(1)
  .max(3)

/** JSON, or as the aws command has it in short: `FileFormat=parquet,PerHourPartition=true`. */
function optionsOf(text: string | undefined): DestinationOptionsRequest | undefined {
  if (text === undefined || text.trim().startsWith('{')) return read(optionsForm, text, '--destination-options')
  const pairs = text.split(',').map((part): [string, unknown] => {
    const [key = '', value = ''] = part.split('=')
    return [key.trim(), /^(true|false)$/i.test(value) ? /^true$/i.test(value) : value]
  })
  return read(optionsForm, JSON.stringify(Object.fromEntries(pairs)), '--destination-options')
}

function read<Form extends z.ZodType>(form: Form, text: string | undefined, flag: string): z.infer<Form> | undefined {
  if (text === undefined) return undefined
  try {
    return form.parse(JSON.parse(text))
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : []
    const why = issue === undefined ? 'it is no JSON' : `${issue.path.join('.')} ${issue.message}`.trim()
    throw new MillraceError(
      'USAGE',
      `${flag} cannot be read: ${why}. Write it as for "aws ec2 create-flow-logs".`,
      error,
    )
  }
}
