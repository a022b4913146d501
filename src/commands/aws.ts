import { Argument, type Command } from 'commander'
import { MillraceError } from '../errors.ts'
import type { ActionFlags } from './aws/actions.ts'
import { addSetupFlags, setupOf } from './aws/flags.ts'
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
    .option('--delete-data <bucket>', 'with destroy: delete this bucket with all objects in it too')
    .addHelpText(
      'after',
      `
The reader's role may list and read, and take messages from the queue, no more. Guides give such a role the rights to write
and to delete as well, which reading does not need, and put s3:GetBucketLocation under a condition on s3:prefix, which that
request does not carry: it would be denied.

Examples:
  millrace aws plan --bucket my-logs --prefix AWSLogs/
  millrace aws apply --file aws.yaml --yes
  millrace aws plan --access-logs all --events eventbridge --lifecycle 30=STANDARD_IA,400=expire`,
    )
    .action(async (action: Action, flags: ActionFlags, self: Command) => {
      const global = globalFlags(self)
      if (global.output === 'csv')
        throw new MillraceError('USAGE', 'A setup is no table of rows: take --output json, or leave --output out.')
      const setup = setupOf(flags)
      const does = await import('./aws/actions.ts')
      await does[action](setup, flags, global)
    })
}
