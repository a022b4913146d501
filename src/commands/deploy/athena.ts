import { type Command, Option } from 'commander'
import { chainRegion } from '../../aws/chain.ts'
import { AthenaAccount } from '../../deploy/athena-account.ts'
import { type AthenaTarget, type Found, type Step, planAthena, wantedOnAthena } from '../../deploy/athena-plan.ts'
import { type LogSource, computedPartitions, rawName } from '../../deploy/log-source.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { readFormat } from '../../loading/field-plan.ts'
import { logTypeNamed } from '../../log-type/registry.ts'
import { namedQueries } from '../../named-queries/registry.ts'
import { namedColumns, printRows } from '../output/print.ts'
import { commaList, globalFlags, numberBetween } from '../terminal/flags.ts'
import { interruptible } from '../terminal/interruptible.ts'
import { note } from '../terminal/notes.ts'
import { write } from '../terminal/stdout.ts'

interface DeployFlags {
  readonly flowLogs?: string
  readonly accessLogs?: string
  readonly webLogs?: string
  readonly format?: string
  readonly parquet?: true
  readonly layout: LogSource['layout']
  readonly hourly?: true
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
  readonly buckets: readonly string[]
  readonly from: string
  readonly registered?: true
  readonly database: string
  readonly workgroup: string
  readonly results: string
  readonly limit: number
  readonly dryRun?: true
}

/** millrace deploy athena: tables over the logs as they lie in S3, and what the lake asks of them. */
export function registerAthena(deploy: Command): void {
  deploy
    .command('athena')
    .description(
      'Make a workgroup, a database, tables over the logs as they lie in S3, the views of the lake and its named queries on Athena. What is there already is read first; only what differs is sent.',
    )
    .option('--flow-logs <url>', "bucket and prefix of VPC Flow Logs: what stands before 'AWSLogs/'")
    .option('--access-logs <url>', 'bucket and prefix of S3 server access logs: what stands before the account')
    .option('--web-logs <url>', 'bucket and prefix of access logs of Apache and nginx, which lie anywhere beneath it')
    .requiredOption('--results <url>', 'where Athena writes results, such as s3://my-results/athena/')
    .option('--format <fields>', "the flow log's fields in their order (default: those of the default format)")
    .option('--parquet', 'flow logs are Parquet')
    .addOption(
      new Option('--layout <name>', 'how objects lie: as AWS writes them, Hive-compatible, or anywhere')
        .choices(['aws', 'hive', 'flat'])
        .default('aws'),
    )
    .option('--hourly', 'there is a folder for each hour')
    .option('--accounts <ids>', 'accounts whose logs there are', commaList, [])
    .option('--regions <names>', 'regions whose logs there are', commaList, [])
    .option('--buckets <names>', 'buckets that access logs tell of', commaList, [])
    .option('--from <day>', 'first day of the logs', '2020-01-01')
    .option(
      '--registered',
      'register each partition from --from up to today, instead of computing them; run it again for later days',
    )
    .option('--database <name>', 'database', 'millrace')
    .option('--workgroup <name>', 'workgroup', 'millrace')
    .option('--limit <gigabytes>', 'end queries that would scan more', numberBetween(0.01, 1e6), 100)
    .option('--dry-run', 'print the statements and requests, and send none of them')
    .addHelpText(
      'after',
      '\nExample:\n  millrace deploy athena --flow-logs s3://my-logs/ --accounts 123456789012 --regions eu-west-1 --results s3://my-results/athena/ --dry-run',
    )
    .action(async (flags: DeployFlags, command: Command) => {
      const { output, quiet } = globalFlags(command)
      const target = targetOf(flags)
      const sources = sourcesOf(flags)
      const wanted = await wantedOnAthena(sources, namedQueries(), target)
      if (quiet !== true) for (const source of sources) tellPartitions(source)
      const account = await AthenaAccount.open(target, (await chainRegion(process.env)) ?? 'us-east-1')
      try {
        const found = await account.read().catch((error: unknown) => {
          if (flags.dryRun !== true) throw error
          note(`The account cannot be read (${messageOf(error)}); these are all steps for an empty one.`)
          return nothing
        })
        const steps = planAthena(wanted, found)
        if (flags.dryRun === true) {
          if (output === 'table') await write(steps.map(textOf).join('\n'))
          else
            await printRows(
              output,
              namedColumns(['call', 'text'], []),
              steps.map((step) => ({ call: step.call, text: textOf(step) })),
            )
          return
        }
        await interruptible(async (signal) => {
          for (const step of steps) {
            if (quiet !== true) note(titleOf(step))
            await account.carryOut(step, { signal })
          }
        })
        if (quiet !== true)
          note(steps.length === 0 ? 'Everything is there; nothing was sent.' : `${steps.length} requests were sent.`)
      } finally {
        account.close()
      }
    })
}

/** Athena User Guide, "Service Quotas". */
const mostPartitions = 1_000_000

/** Says where a query would be refused that looks at all partitions. */
function tellPartitions(source: LogSource): void {
  const count = computedPartitions(source, new Date())
  if (count > mostPartitions)
    note(
      `${rawName(source.type)} has ${count} partitions, and Athena finds at most ${mostPartitions} for a query: give each query conditions on columns such as path_region and partition_day, as dashboards do for their range, or deploy fewer accounts and regions, a later --from, or --registered.`,
    )
}

const nothing: Found = { workGroup: undefined, database: undefined, relations: new Set(), queries: [] }

const gigabyte = 1e9
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

function targetOf({ database, workgroup, results, limit }: DeployFlags): AthenaTarget {
  if (!/^[a-z][a-z0-9_]*$/.test(database))
    throw new MillraceError(
      'USAGE',
      `--database ${database} is no name of a database. Take small letters, digits and _.`,
    )
  return {
    database,
    workGroup: workgroup,
    outputLocation: folder(results, '--results'),
    bytesLimit: Math.round(limit * gigabyte),
  }
}

function folder(url: string, flag: string): string {
  const [, bucket = ''] = /^s3:\/\/([^/]*)/.exec(url) ?? []
  if (!bucketName.test(bucket))
    throw new MillraceError('USAGE', `${flag} ${url} names no bucket. Write it as s3://bucket/folder/.`)
  return url.endsWith('/') ? url : `${url}/`
}

/** What the flags say there is. */
function sourcesOf(flags: DeployFlags): LogSource[] {
  const { flowLogs, accessLogs, webLogs, format, parquet, layout, accounts, regions, buckets, from } = flags
  if (flowLogs === undefined && accessLogs === undefined && webLogs === undefined)
    throw new MillraceError(
      'USAGE',
      'There is nothing to deploy. Give --flow-logs, --access-logs, --web-logs, or several of them.',
    )
  if (!isDay(from)) throw new MillraceError('USAGE', `--from ${from} is no day. Write it as 2026-01-31.`)
  checked('--accounts', accounts, /^\d{12}$/, 'an account of 12 digits')
  checked('--regions', regions, /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1')
  checked('--buckets', buckets, bucketName, 'the name of a bucket')
  if ((flowLogs ?? accessLogs) !== undefined && layout !== 'flat' && (accounts.length === 0 || regions.length === 0))
    throw new MillraceError(
      'USAGE',
      'Partitions are of accounts and regions. Give --accounts and --regions, or --layout flat.',
    )
  if (accessLogs !== undefined && layout !== 'flat' && buckets.length === 0)
    throw new MillraceError(
      'USAGE',
      'Partitions of access logs are of buckets as well. Give --buckets, or --layout flat.',
    )
  const common = {
    accounts,
    regions,
    buckets,
    from,
    isHourly: flags.hourly === true,
    isRegistered: flags.registered === true,
  }
  return [
    ...(flowLogs === undefined
      ? []
      : [
          {
            ...common,
            type: typeNamed('vpc-flow-logs'),
            url: folder(flowLogs, '--flow-logs'),
            format: parquet === true ? ('parquet' as const) : ('text' as const),
            fields: format === undefined ? undefined : readFormat(format),
            layout,
          },
        ]),
    ...(accessLogs === undefined
      ? []
      : [
          {
            ...common,
            type: typeNamed('s3-access-logs'),
            url: folder(accessLogs, '--access-logs'),
            format: 'text' as const,
            layout: layout === 'hive' ? ('aws' as const) : layout,
            isHourly: false,
          },
        ]),
    ...(webLogs === undefined
      ? []
      : [
          {
            ...common,
            type: typeNamed('web-access-logs'),
            url: folder(webLogs, '--web-logs'),
            format: 'text' as const,
            layout: 'flat' as const,
          },
        ]),
  ]
}

function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN
  // 31 February is no day, though it can be counted.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** A value that is none would make partitions that are empty, without a word. */
function checked(flag: string, values: readonly string[], pattern: RegExp, kind: string): void {
  const wrong = values.find((value) => !pattern.test(value))
  if (wrong !== undefined) throw new MillraceError('USAGE', `${flag} ${wrong} is not ${kind}. Correct it.`)
}

function typeNamed(name: string): LogSource['type'] {
  const type = logTypeNamed(name)
  if (type === undefined) throw new MillraceError('INTERNAL', `There is no log type ${name}.`)
  return type
}

function titleOf(step: Step): string {
  switch (step.call) {
    case 'StartQueryExecution':
      return `${step.call}: ${step.sql.split('\n', 1)[0] ?? ''}`
    case 'CreateNamedQuery':
    case 'UpdateNamedQuery':
      return `${step.call}: ${step.query.name}`
    case 'CreateDatabase':
      return `${step.call}: ${step.database}`
    case 'CreateWorkGroup':
    case 'UpdateWorkGroup':
      return `${step.call}: ${step.target.workGroup}`
  }
}

/** A step for people to read: its request, and its SQL. */
function textOf(step: Step): string {
  switch (step.call) {
    case 'StartQueryExecution':
      return `-- athena StartQueryExecution\n${step.sql};\n`
    case 'CreateNamedQuery':
    case 'UpdateNamedQuery':
      return `-- athena ${step.call}: ${step.query.name}\n-- ${step.query.description.replaceAll('\n', ' ')}\n${step.query.sql};\n`
    case 'CreateDatabase':
      return `-- glue CreateDatabase: ${step.database}\n`
    case 'CreateWorkGroup':
    case 'UpdateWorkGroup':
      return `-- athena ${step.call}: ${JSON.stringify(step.target)}\n`
  }
}
