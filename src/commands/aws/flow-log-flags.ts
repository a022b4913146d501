import { type Command, InvalidArgumentError } from 'commander'
import { levelOf } from '../../aws-setup/flow-log-form.ts'
import type { GivenSetup } from '../../aws-setup/setup.ts'
import { MillraceError } from '../../errors.ts'
import { commaList, wholeNumber } from '../terminal/flags.ts'

/** What says which flow logs are wanted. */
export interface FlowLogFlags {
  readonly flowLog?: readonly string[]
  readonly flowLogTo?: string
  readonly flowLogTraffic?: string
  readonly flowLogFormat?: string
  readonly flowLogTags?: readonly GivenSetup[]
  readonly flowLogFiles?: string
  readonly flowLogHive?: true
  readonly flowLogHourly?: true
  readonly flowLogInterval?: number
  readonly flowLogDeleteFirst?: true
  readonly logGroup?: string
  readonly logRetention?: number
}

/** Adds the flags that say which flow logs are wanted. */
export function addFlowLogFlags(command: Command): Command {
  return command
    .option('--flow-log <ids>', 'log these VPCs, subnets, interfaces or gateways, with commas between', commaList)
    .option('--flow-log-to <where>', 's3 or cloud-watch-logs (default: s3)')
    .option('--flow-log-traffic <which>', 'ACCEPT, REJECT or ALL (default: ALL)')
    .option('--flow-log-format <fields>', "default, full, or such as '${srcaddr} ${dstaddr} ${bytes}'")
    .option('--flow-log-tags <tags>', 'tags in the records, such as instance=Name,instance=Team', tagFields)
    .option('--flow-log-files <format>', 'plain-text or parquet (default: plain-text)')
    .option('--flow-log-hive', 'Hive-compatible folders')
    .option('--flow-log-hourly', 'folders by the hour')
    .option('--flow-log-interval <seconds>', '60 or 600 (default: 600; transit gateways: 60)', wholeNumber(1))
    .option(
      '--flow-log-delete-first',
      'delete a flow log before what replaces it is made: nothing is logged in between',
    )
    .option('--log-group <name>', 'of flow logs to CloudWatch Logs (default: as the setup, with /flow-logs)')
    .option('--log-retention <days>', 'how long it keeps events (default: for ever)', wholeNumber(1))
}

/** The keys of a setup that these flags say. */
export function givenFlowLogs(flags: FlowLogFlags): GivenSetup {
  return {
    flow_logs: flowLogsOf(flags),
    cloud_watch: { log_group: flags.logGroup, retention_days: flags.logRetention },
  }
}

/** An entry for each kind of resource, which its ids tell. */
function flowLogsOf({ flowLog: ids, ...flags }: FlowLogFlags): GivenSetup[] | undefined {
  const settings = {
    to: flags.flowLogTo,
    traffic: flags.flowLogTraffic,
    format: flags.flowLogFormat,
    tag_fields: flags.flowLogTags,
    file_format: flags.flowLogFiles,
    hive: flags.flowLogHive,
    hourly: flags.flowLogHourly,
    interval: flags.flowLogInterval,
    replace: flags.flowLogDeleteFirst === true ? 'delete-first' : undefined,
  }
  if (ids === undefined) {
    if (Object.values(settings).every((value) => value === undefined)) return undefined
    throw new MillraceError('USAGE', 'Flags of flow logs need --flow-log with the ids of what is to be logged.')
  }
  const types = [...new Set(ids.map((id) => levelOf(id)?.type))]
  return types.map((type) => ({ resource_ids: ids.filter((id) => levelOf(id)?.type === type), ...settings }))
}

function tagFields(text: string): GivenSetup[] {
  const pairs = commaList(text).map((part) => {
    const [, type, key] = /^([a-z-]+)=(.+)$/.exec(part) ?? []
    if (type === undefined) throw new InvalidArgumentError('Write it as instance=Name,network-interface=Team.')
    return { type, key }
  })
  return [...new Set(pairs.map(({ type }) => type))].map((type) => ({
    resource_type: type,
    keys: pairs.filter((pair) => pair.type === type).map(({ key }) => key),
  }))
}
