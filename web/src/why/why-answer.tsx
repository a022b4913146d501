import type { ReactNode } from 'react'
import type { Result } from '../api/query.ts'
import { useText } from '../app/choices.tsx'
import { Table } from '../charts/table.tsx'
import { shownText } from '../text/figures.ts'
import type { WhyAnswer } from './api.ts'
import { toneOf } from './picture.ts'
import type { WhyForm } from './question.ts'
import { Picture } from './why-picture.tsx'

const timeColumns = new Set(['start', 'end', 'first', 'last'])
const countColumns = new Set(['records', 'packets', 'bytes', 'srcport', 'dstport'])
const seenColumns = [
  'way',
  'side',
  'interface_id',
  'action',
  'reject_reason',
  'records',
  'packets',
  'bytes',
  'first',
  'last',
]

function typeOf(name: string): string {
  if (timeColumns.has(name)) return 'TIMESTAMP'
  return countColumns.has(name) ? 'BIGINT' : 'VARCHAR'
}

/** Objects as the rows of a table. */
function tableOf(rows: readonly Readonly<Record<string, unknown>>[], names: readonly string[]): Result {
  return {
    columns: names.map((name) => ({ name, type: typeOf(name) })),
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
    truncated: false,
    views: [],
    unfiltered: [],
    notices: [],
  }
}

/** What the records say, what to look at, and the records themselves. The server words it. */
export function Answer({ answer, form }: { readonly answer: WhyAnswer; readonly form: WhyForm }): ReactNode {
  const text = useText()
  const columns = Object.keys(answer.records[0] ?? {})
  return (
    <div className="answer">
      <section className={`verdict ${toneOf(answer.verdict)}`} aria-live="polite">
        <h2>{shownText(answer.summary, 1000)}</h2>
      </section>
      <section>
        <h2>{text('whyChecks')}</h2>
        <ol>
          {answer.checks.map((check) => (
            <li key={check}>{shownText(check, 1000)}</li>
          ))}
        </ol>
        {answer.notes.map((note) => (
          <p key={note} className="note">
            {shownText(note, 1000)}
          </p>
        ))}
      </section>
      {answer.seen.length > 0 && (
        <section>
          <h2>{text('whySeen')}</h2>
          <Picture seen={answer.seen} source={form.source} destination={form.destination} />
          <details>
            <summary>{text('whyAsTable')}</summary>
            <Table result={tableOf(answer.seen, seenColumns)} label={text('whySeen')} />
          </details>
        </section>
      )}
      {answer.records.length > 0 && (
        <section>
          <h2>{text('whyRecords')}</h2>
          <Table result={tableOf(answer.records, columns)} label={text('whyRecords')} />
        </section>
      )}
      <section>
        <h2>{text('whyLimits')}</h2>
        <ul>
          {answer.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}
