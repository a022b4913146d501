import { Argument, type Command } from 'commander'
import { MillraceError } from '../errors.ts'
import { readFormat } from '../loading/field-plan.ts'
import { logTypeNamed, logTypes } from '../log-type/registry.ts'
import { isOfEvents, isPosted } from '../stages/log-group.ts'
import { placeOf } from './add/place.ts'
import type { Source } from './add/plan.ts'
import { addSource } from './add/source.ts'
import { printObject } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'
import { write } from './terminal/stdout.ts'

type AddFlags = Omit<Source, 'type' | 'url'>

/** millrace add: a stage and a pipe for a source of logs, as the SQL that makes them. */
export function register(program: Command): void {
  program
    .command('add')
    .description(
      'Add a source that a server reads from then on: make its stage and pipe, and print the SQL that does. A source that is there already is left as it is.',
    )
    .addArgument(new Argument('<log-type>', 'what its logs are').choices(logTypes.map(({ name }) => name)))
    .argument(
      '<url>',
      's3://bucket/folder/; a folder of this machine, which is watched; cloudwatch://region/log-group; or firehose://name',
    )
    .option('--queue <queue>', "ARN or URL of the SQS queue that the bucket's events go to (default: millrace-BUCKET)")
    .option(
      '--reconcile <time>',
      'how often to list what no event told, such as 10s or 1h (default: 15 minutes), or to ask a log group (default: 1 minute)',
    )
    .option(
      '--start <when>',
      'all that is there, only what comes from now on, or what was modified since a date',
      'all',
    )
    .option('--name <name>', 'what stage and pipe are called (default: by log type and bucket or folder)')
    .option('--role <arn>', 'role to read the bucket as')
    .option('--external-id <id>', "what the role's trust policy asks for as sts:ExternalId (default: a new one)")
    .option('--format <fields>', 'field names of flow logs without a header line, such as "version srcaddr dstaddr"')
    .option('--file-format <options>', 'what stands in FILE_FORMAT = (…), such as "TYPE = PARQUET"')
    .addHelpText(
      'after',
      '\nExample:\n  millrace add vpc-flow-logs s3://my-logs/AWSLogs/ --queue arn:aws:sqs:eu-west-1:123456789012:my-logs\n  millrace add s3-access-logs ./logs\n  millrace add vpc-flow-logs cloudwatch://eu-west-1/flow-logs --start 2026-11-01\n  millrace add vpc-flow-logs firehose://flow',
    )
    .action(async (typeName: string, given: string, flags: AddFlags, command: Command) => {
      const { output, quiet, ...global } = globalFlags(command)
      const source = sourceOf(typeName, given, flags)
      const added = await onLake({ output, ...global }, true, (lake) => addSource(lake, source))
      const { sql, pipe, sentences, needed } = added
      if (output !== 'table')
        await printObject(output, { sql, stage: pipe.stage, pipe: pipe.name, notification_channel: pipe.queue })
      else await write(sql)
      if (quiet !== true) for (const sentence of [...sentences, ...needed]) note(sentence)
    })
}

function sourceOf(typeName: string, given: string, flags: AddFlags): Source {
  const type = logTypeNamed(typeName)
  if (type === undefined) throw new MillraceError('USAGE', `There is no log type ${typeName}.`)
  const url = placeOf(given)
  const isFolder = url.startsWith('file:')
  const refuse = (sentence: string): never => {
    throw new MillraceError('USAGE', sentence)
  }
  if (isFolder && (flags.queue !== undefined || flags.role !== undefined))
    refuse(`--queue and --role are for buckets; ${given} is a folder, which is watched. Leave them out.`)
  if (isOfEvents(url) && flags.queue !== undefined)
    refuse(`--queue is for buckets, and ${given} is none. Leave it out.`)
  if (isOfEvents(url) && !type.wrapped)
    refuse(`${given} brings flow logs, and ${typeName} are none. CloudWatch Logs has vpc-flow-logs and tgw-flow-logs.`)
  if (isPosted(url) && flags.role !== undefined)
    refuse(`--role is for what is read, and ${given} is sent. Leave it out.`)
  if (flags.externalId !== undefined && flags.role === undefined)
    refuse('--external-id is for --role: say which role it belongs to.')
  if (flags.format !== undefined && flags.fileFormat !== undefined)
    refuse('Give --format or --file-format, not both: LOG_FORMAT in --file-format is the same.')
  if (flags.format !== undefined) readFormat(flags.format)
  return { ...flags, type, url }
}
