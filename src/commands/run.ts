import { type Command, Option } from 'commander'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { MillraceError, systemCodeOf } from '../errors.ts'
import { type Dialect, dialects } from '../sql/dialects.ts'
import { printResults } from './output/results.ts'
import { globalFlags, namedValue, wholeNumber } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

interface RunFlags {
  readonly dialect?: Dialect
  readonly set?: Readonly<Record<string, string>>
  readonly maxRows?: number
}

/** millrace run: the statements of a script, with what each gives. */
export function register(program: Command): void {
  program
    .command('run')
    .description('Run the statements of a script, one after the other, up to the first that fails.')
    .argument('<script>', 'file with the statements; - reads them from standard input')
    .addOption(new Option('--dialect <name>', 'what the script is written in (default: duckdb)').choices(dialects))
    .option('--set <name=value>', 'what <NAME>, ${NAME} and &NAME stand for; may be repeated', namedValue)
    .option('--max-rows <count>', 'print so many rows of a statement at most (default: 100)', wholeNumber(1))
    .addHelpText(
      'after',
      '\nExample:\n  millrace run vpc-flow-snowflake.sql --dialect snowflake --set BUCKET_NAME=my-logs --set PREFIX=AWSLogs',
    )
    .action(async (script: string, { dialect, set, maxRows }: RunFlags, command: Command) => {
      const flags = globalFlags(command)
      const content = script === '-' ? await text(process.stdin) : await contentOf(script)
      await onLake(flags, true, (lake) =>
        interruptible((signal) =>
          printResults(flags.output, lake.run(content, { dialect, values: set, maxRows, signal }), (sentence) => {
            if (flags.quiet !== true) note(sentence)
          }),
        ),
      )
    })
}

async function contentOf(script: string): Promise<string> {
  try {
    return await readFile(script, 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'unknown'})`
    throw new MillraceError('SOURCE_MISSING', `The script ${script} ${why}. Name a file with statements, or -.`, error)
  }
}
