import { Command } from 'commander'
import { version } from '../../program.ts'
import { verbs } from '../list.ts'
import { addGlobalFlags } from './flags.ts'
import { note } from './notes.ts'

/** The command line with the verbs of these names. */
export async function createProgram(names: readonly string[]): Promise<Command> {
  const program = new Command('millrace')
    .description(
      'Loads AWS VPC Flow Logs and S3 server access logs into a log lake, each object once, every line accounted for.',
    )
    .usage('[options] <verb> …')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'say what there is')
    .helpCommand('help [verb]', 'Say how a verb is used.')
    .commandsGroup('Verbs:')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text) => {
        note(`millrace: ${text.replace(/^error: /, '').trim()} (see "millrace --help")`)
      },
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExamples:\n  millrace demo\n  millrace load ./logs\n  millrace query "select action, count(*) from vpc_flow_logs group by all"',
    )
  addGlobalFlags(program)
  for (const name of names) (await verbs[name]?.())?.register(program)
  return program
}
