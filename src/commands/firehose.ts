import type { Command } from 'commander'
import { printObject } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

/** millrace firehose: what Firehose has to be told to post to a pipe. */
export function register(program: Command): void {
  program
    .command('firehose')
    .description(
      'Make the access key with which Firehose posts to a pipe, in place of the one before, and show it once, with the path of its address.',
    )
    .argument('<pipe>', 'the pipe; database and schema may be left out')
    .addHelpText(
      'after',
      '\nFirehose posts to port 443 by HTTPS: let a proxy in front of "millrace serve" take that, and send it on with its own Host.\n\nExample:\n  millrace add vpc-flow-logs firehose://flow\n  millrace firehose vpc_flow_logs_flow',
    )
    .action(async (name: string, _flags: object, command: Command) => {
      const flags = globalFlags(command)
      await printObject(flags.output, await onLake(flags, false, (lake) => lake.pipe(name).renewAccessKey()))
      if (flags.quiet !== true) note('The key is kept nowhere: give it to Firehose now, as its access key.')
    })
}
