import { Argument, type Command, Option } from 'commander'
import { MillraceError } from '../errors.ts'
import type { ActionFlags } from './aws/actions.ts'
import { addSetupFlags, setupOf } from './aws/flags.ts'
import type { OutFlags } from './aws/write-out.ts'
import { commaList, globalFlags } from './terminal/flags.ts'

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
}
