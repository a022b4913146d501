import type { Command } from 'commander'
import { readTime } from '../named-queries/fill.ts'
import { type WhyAnswer, why } from '../why/why.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { globalFlags, wholeNumber } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'
import { write } from './terminal/stdout.ts'

interface WhyFlags {
  readonly from: string
  readonly to: string
}

/** millrace why: what the flow logs say of traffic between two addresses, and what that means. */
export function register(program: Command): void {
  program
    .command('why')
    .description('Say why traffic does or does not arrive, with the records that show it.')
    .argument('<source>', 'address that sends')
    .argument('<destination>', 'address that should be reached')
    .argument('[port]', 'port at the destination', wholeNumber(0))
    .option('--from <time>', 'start of the time looked at: 2026-11-20, "2026-11-20 12:00:00" (UTC) or -12h', '-24h')
    .option('--to <time>', 'end of that time', 'now')
    .addHelpText('after', '\nExample:\n  millrace why 10.0.1.5 10.0.2.9 5432 --from -2h')
    .action(
      async (source: string, destination: string, port: number | undefined, given: WhyFlags, command: Command) => {
        const flags = globalFlags(command)
        const now = new Date()
        const question = { source, destination, port, from: readTime(given.from, now), to: readTime(given.to, now) }
        const answer = await onLake(flags, false, (lake) => why(lake, question))
        if (flags.output === 'table') await printAnswer(answer)
        else await printObject(flags.output, answer)
      },
    )
}

const recordColumns = [
  'start',
  'interface_id',
  'srcaddr',
  'srcport',
  'dstaddr',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'action',
  'tcp_flags',
]
const seenColumns = ['way', 'side', 'interface_id', 'action', 'records', 'packets', 'bytes', 'first', 'last']
const numbers = ['records', 'packets', 'bytes', 'srcport', 'dstport']
const shownRecords = 10

async function printAnswer({ summary, checks, notes, limits, seen, records }: WhyAnswer): Promise<void> {
  const list = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  - ${line}\n`).join('')}`
  await write(`${summary}\n${list('Look at', checks)}${list('Note', notes)}`)
  if (seen.length > 0) {
    await write('\nSeen\n')
    await printRows('table', namedColumns(seenColumns, numbers), pick(seen, seenColumns))
    await write(`\nLatest records\n`)
    await printRows('table', namedColumns(recordColumns, numbers), pick(records.slice(0, shownRecords), recordColumns))
  }
  await write(list('Flow logs cannot tell', limits))
}

function pick(rows: readonly object[], columns: readonly string[]): object[] {
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, Reflect.get(row, name) ?? null])))
}
