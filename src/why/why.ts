import { isIP } from 'node:net'
import type { Lake, Value } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { type Finding, diagnose } from './diagnose.ts'
import type { Seen, Surroundings, WhyQuestion } from './observation.ts'
import { recordsSql, seenSql, surroundingsSql } from './statements.ts'
import { type Language, type Wording, wordings } from './wording.ts'

export interface WhyAnswer extends Finding {
  /** One sentence. */
  readonly summary: string
  /** What to look at, in this order. */
  readonly checks: readonly string[]
  readonly notes: readonly string[]
  /** What these logs cannot tell. */
  readonly limits: readonly string[]
  /** Everything seen between the two, by direction and interface. */
  readonly seen: readonly Seen[]
  readonly surroundings: Surroundings
  /** The latest records themselves, at most fifty. */
  readonly records: readonly Readonly<Record<string, Value>>[]
}

/** Says from the flow logs of a lake why traffic does or does not arrive. */
export async function why(
  lake: Pick<Lake, 'query'>,
  question: WhyQuestion,
  language: Language = 'en',
): Promise<WhyAnswer> {
  check(question)
  const all = async <Row extends object>(sql: string): Promise<Row[]> => (await lake.query<Row>(sql)).all()
  const seen = await all<Seen>(seenSql(question))
  const [surroundings] = await all<Surroundings>(surroundingsSql(question, seen))
  if (surroundings === undefined) throw new MillraceError('INTERNAL', 'A count gave no row.')
  const finding = diagnose({ seen, surroundings })
  const wording = wordings[language]
  const words = wording.verdicts[finding.verdict]
  return {
    ...finding,
    summary: fill(words.summary, question, wording),
    checks: words.checks.map((text) => fill(text, question, wording)),
    notes: finding.remarks.map((remark) => wording.remarks[remark]),
    limits: wording.limits,
    seen,
    surroundings,
    records: await all(recordsSql(question)),
  }
}

function check({ source, destination, port, from, to }: WhyQuestion): void {
  for (const address of [source, destination])
    if (isIP(address) === 0)
      throw new MillraceError(
        'USAGE',
        `${address} is not an IPv4 or IPv6 address. Flow logs hold no names: resolve it first.`,
      )
  if (source === destination) throw new MillraceError('USAGE', `Source and destination are both ${source}.`)
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535))
    throw new MillraceError('USAGE', `${port} is not a port. Ports are 0 to 65535.`)
  if (from >= to) throw new MillraceError('USAGE', 'The time range is empty: --from must lie before --to.')
}

function fill(text: string, { source, destination, port }: WhyQuestion, { anyPort, onePort }: Wording): string {
  return text
    .replaceAll('{source}', source)
    .replaceAll('{destination}', destination)
    .replaceAll('{port}', port === undefined ? anyPort : onePort.replace('{port}', String(port)))
}
