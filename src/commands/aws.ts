import { Argument, type Command, Option } from 'commander'
import { MillraceError } from '../errors.ts'
import type { ActionFlags } from './aws/actions.ts'
import { resourceTypes } from '../aws-setup/flow-log-form.ts'
import { addSetupFlags, setupOf } from './aws/flags.ts'
import type { FlowLogsFlags } from './aws/flow-logs.ts'
import type { OutFlags } from './aws/write-out.ts'
import { commaList, globalFlags, wholeNumber } from './terminal/flags.ts'

const actions = ['plan', 'apply', 'describe', 'destroy'] as const
type Action = (typeof actions)[number]

/** millrace aws: what logs need in an AWS account, planned, made, described and taken away. */
export function register(program: Command): void {
  const command = program
    .command('aws')
    .description(
      'Set up what logs need in AWS: a bucket, the policies for their delivery, a queue that tells of them, a role to read them. "plan" says what is there, what is missing and what differs, also as aws commands; "apply" does that, and nothing else; "describe" says how it does; "destroy" takes away what "apply" has made.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(actions))
  addSetupFlags(command)
    .option('--yes', 'with apply and destroy: do not ask')
    .option('--add <log-types>', 'with apply: let the lake read these, with commas between; prints the SQL', commaList)
    .option('--wait', 'with apply and --add: wait for the first object')
    .option('--delete-data <name>', 'with destroy: delete this bucket or log group with all that is in it too')
    .addOption(
      new Option('--out <form>', 'with plan: write what is missing in this form instead').choices([
        'cloudformation',
        'cdk',
      ]),
    )
    .option('--out-path <path>', 'with --out: file (.json or YAML; default: standard output), or folder of the CDK app')
    .addHelpText(
      'after',
      `
The reader's role may list and read, and take messages from the queue, no more. Guides give such a role the rights to write
and to delete as well, which reading does not need, and put s3:GetBucketLocation under a condition on s3:prefix, which that
request does not carry: it would be denied. AmazonSSMManagedInstanceCore, which guides attach to the role that writes flow logs
into CloudWatch Logs, has no right to write logs: it lets instances be managed by Systems Manager, and is not attached here.

A template of --out makes what is missing. What is there already it leaves out and names: a stack cannot take that over, and
would replace a policy or a notification configuration as a whole, with what others have in it.

Examples:
  millrace aws plan --bucket my-logs --prefix AWSLogs/
  millrace aws apply --file aws.yaml --yes
  millrace aws plan --flow-log vpc-0a1b2c3d4e5f60718 --flow-log-format full --flow-log-files parquet
  millrace aws plan --file aws.yaml --out cloudformation --out-path logs.yaml
  millrace aws plan --access-logs all --events eventbridge --lifecycle 30=STANDARD_IA,400=expire`,
    )
    .action(async (action: Action, flags: ActionFlags & OutFlags, self: Command) => {
      const global = globalFlags(self)
      if (global.output === 'csv')
        throw new MillraceError('USAGE', 'A setup is no table of rows: take --output json, or leave --output out.')
      const setup = setupOf(flags)
      if (flags.out !== undefined && action !== 'plan')
        throw new MillraceError('USAGE', `--out goes with "millrace aws plan", not with ${action}.`)
      if (flags.out !== undefined) return (await import('./aws/write-out.ts')).writeOut(setup, flags, global)
      const does = await import('./aws/actions.ts')
      await does[action](setup, flags, global)
    })
  addFlowLogs(command)
}

/** millrace aws flow-logs: what "aws ec2 create-flow-logs" and "describe-flow-logs" do, by the same flags. */
function addFlowLogs(parent: Command): void {
  const ids = (text: string, before: readonly string[] = []): string[] => [...before, ...commaList(text)]
  parent
    .command('flow-logs')
    // Not those of a setup, which are the parent's.
    .configureHelp({ visibleGlobalOptions: () => [...(parent.parent?.options ?? [])] })
    .description(
      'Make flow logs directly, with the flags of "aws ec2 create-flow-logs", or list them with how their delivery does. They belong to no setup: "millrace aws apply" makes those that do.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['create', 'list']))
    .option('--region <region>', 'where (default: AWS_REGION, or that of the profile)')
    .option('--profile <name>', 'profile of the account', commaList)
    .option('--role-arn <arn>', 'role to take on', commaList)
    .option('--resource-ids <ids...>', 'of what, or to list: of which resources', ids)
    .addOption(new Option('--resource-type <type>', 'what they are (default: as the ids tell)').choices(resourceTypes))
    .addOption(
      new Option('--traffic-type <which>', 'not of transit gateways (default: ALL)').choices([
        'ACCEPT',
        'REJECT',
        'ALL',
      ]),
    )
    .addOption(
      new Option('--log-destination-type <type>', 'what they go to')
        .choices(['cloud-watch-logs', 's3', 'kinesis-data-firehose'])
        .default('cloud-watch-logs'),
    )
    .option('--log-destination <arn>', 'of a bucket, with a folder behind it, a log group or a Firehose stream')
    .option('--log-group-name <name>', 'of a log group')
    .option('--deliver-logs-permission-arn <arn>', 'role that writes into the log group')
    .option('--deliver-cross-account-role <arn>', 'role for a Firehose stream of another account')
    .option('--log-format <fields>', "default, full, or such as '${srcaddr} ${dstaddr} ${bytes}'")
    .option('--max-aggregation-interval <seconds>', '60 or 600 (default: 600; transit gateways: 60)', wholeNumber(1))
    .option('--destination-options <options>', 'such as FileFormat=parquet,PerHourPartition=true, or JSON')
    .option('--tag-field-specifications <json>', 'tags in the records, for fields such as ${instance-tag}')
    .option('--flow-log-ids <ids...>', 'to list: which', ids)
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Examples:
  millrace aws flow-logs create --resource-ids vpc-0a1b2c3d4e5f60718 --log-destination-type s3 --log-destination arn:aws:s3:::my-logs
  millrace aws flow-logs list --resource-ids vpc-0a1b2c3d4e5f60718`,
    )
    .action(async (action: 'create' | 'list', _flags: FlowLogsFlags, self: Command) => {
      const does = await import('./aws/flow-logs.ts')
      await does[action](self.optsWithGlobals<FlowLogsFlags>(), globalFlags(self))
    })
}
