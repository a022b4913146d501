import { type Command, InvalidArgumentError } from 'commander'
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { MillraceError, messageOf } from '../../errors.ts'
import type { Identity } from '../../aws-setup/account.ts'
import { type GivenSetup, type Setup, readSetup } from '../../aws-setup/setup.ts'
import { commaList, wholeNumber } from '../terminal/flags.ts'
import { addFlowLogFlags, type FlowLogFlags, givenFlowLogs } from './flow-log-flags.ts'

/** What says the wanted state, and where. */
export interface SetupFlags extends FlowLogFlags {
  readonly file?: string
  readonly name?: string
  readonly region?: string
  readonly profile?: readonly string[]
  readonly roleArn?: readonly string[]
  readonly bucket?: string
  readonly bucketAccount?: string
  readonly encryption?: string
  readonly lifecycle?: GivenSetup
  readonly flowLogs?: boolean
  readonly flowLogPrefix?: string
  readonly accounts?: readonly string[]
  readonly queue?: string
  readonly visibility?: number
  readonly events?: string
  readonly prefix?: string
  readonly accessLogs?: 'all' | readonly string[]
  readonly accessLogPrefix?: string
  readonly readerTrusts?: string
  readonly readerRole?: string
  readonly externalId?: string
}

/** Adds the flags that say the wanted state. */
export function addSetupFlags(command: Command): Command {
  const first = command
    .option('--file <path>', 'YAML with all that is wanted; flags win over it (docs/AWS.md has its keys)')
    .option('--name <setup>', 'what the setup is called: what it makes bears this as a tag (default: millrace)')
    .option('--region <region>', 'where (default: AWS_REGION, or that of the profile)')
    .option('--profile <names>', 'profiles to set up one account each, with commas between', commaList)
    .option('--role-arn <arns>', 'roles to take on, for one account each, with commas between', commaList)
    .option('--bucket <name>', 'where logs go; made if missing (default: millrace-logs-{account}-{region})')
    .option('--bucket-account <id>', 'whose bucket it is, where several accounts log into one')
    .option('--encryption <how>', 'AES256, or the ARN of a KMS key')
    .option('--lifecycle <days>', 'colder classes by days, such as 30=STANDARD_IA,90=GLACIER_IR,400=expire', lifecycle)
    .option('--no-flow-logs', 'do not let VPC flow logs be delivered into the bucket')
    .option('--flow-log-prefix <folder/>', 'folder that flow logs are delivered into, before AWSLogs/')
    .option('--accounts <ids>', 'other accounts whose flow logs may be delivered, with commas between', commaList)
  return addFlowLogFlags(first)
    .option('--queue <name>', 'queue for events (default: as the setup)')
    .option('--visibility <seconds>', 'how long a message is hidden while it is loaded', wholeNumber(30))
    .option('--events <by>', 'notification, eventbridge or none (default: notification)')
    .option('--prefix <text>', 'only objects whose keys begin so are told of and read')
    .option('--access-logs <buckets>', 'log the requests to these buckets, with commas between, or to all', buckets)
    .option('--access-log-prefix <folder/>', 'folder that access logs are delivered into (default: access-logs/)')
    .option('--reader-trusts <arn>', 'make a role for reading that this user or role may take on')
    .option('--reader-role <name>', 'what that role is called (default: as the setup, with -reader)')
    .option('--external-id <id>', 'without which nobody may take it on')
}

/** The setup that flags and file say. */
export function setupOf(flags: SetupFlags): Setup {
  if (flags.readerTrusts !== undefined && flags.externalId === undefined && flags.file === undefined)
    throw new MillraceError(
      'USAGE',
      `A role that others take on needs an external id that only they send. Add --external-id, such as millrace-${randomUUID()}.`,
    )
  return readSetup(flags.file === undefined ? undefined : { path: flags.file, text: textOf(flags.file) }, given(flags))
}

/** As whom the accounts are set up. */
export function identitiesOf({ profile = [], roleArn = [] }: SetupFlags): Identity[] {
  const identities = [...profile.map((name) => ({ profile: name })), ...roleArn.map((arn) => ({ roleArn: arn }))]
  return identities.length === 0 ? [{}] : identities
}

function given(flags: SetupFlags): GivenSetup {
  const reader = { trusts: flags.readerTrusts, role: flags.readerRole, external_id: flags.externalId }
  const accessLogs = { buckets: flags.accessLogs, prefix: flags.accessLogPrefix }
  return {
    name: flags.name,
    bucket: {
      name: flags.bucket,
      account: flags.bucketAccount,
      encryption: flags.encryption,
      lifecycle: flags.lifecycle,
    },
    delivery: {
      flow_logs: flags.flowLogs === false ? false : undefined,
      prefix: flags.flowLogPrefix,
      accounts: flags.accounts,
    },
    ...givenFlowLogs(flags),
    queue: { name: flags.queue, visibility_seconds: flags.visibility },
    events: { by: flags.events, prefix: flags.prefix },
    access_logs: isSaid(accessLogs) ? accessLogs : undefined,
    reader: isSaid(reader) ? reader : undefined,
  }
}

function isSaid(part: object): boolean {
  return Object.values(part).some((value) => value !== undefined)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new MillraceError('SOURCE_MISSING', `${path} cannot be read (${messageOf(error)}). Name another file.`, error)
  }
}

function buckets(text: string): 'all' | string[] {
  return text === 'all' ? 'all' : commaList(text)
}

function lifecycle(text: string): GivenSetup {
  const parts = commaList(text).map((part) => /^(\d+)=(\w+)$/.exec(part))
  const read = parts.map((part) => ({ days: Number(part?.[1]), class: (part?.[2] ?? '').toUpperCase() }))
  if (parts.includes(null)) throw new InvalidArgumentError('Write it as 30=STANDARD_IA,90=GLACIER_IR,400=expire.')
  const end = read.find((one) => one.class === 'EXPIRE')
  const transitions = read.filter((one) => one.class !== 'EXPIRE')
  return { transitions, ...(end === undefined ? {} : { expire_days: end.days }) }
}
