import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/query.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { Link } from '../app/link.tsx'
import { fullNumber, numberOf, plainText, shownText } from '../text/figures.ts'
import { lastDay, whySearch } from './question.ts'

const sql = `select srcaddr, dstaddr, dstport, count(*) as records from logs.vpc_flow_logs
where action = 'REJECT' and start >= now()::timestamp - interval 24 hours and is_internal(srcaddr) and is_internal(dstaddr)
group by all order by records desc, srcaddr, dstaddr, dstport limit 8`

/** Questions to begin with: traffic between own addresses that was refused most in the last day. */
export function Refusals({ version }: { readonly version: string | undefined }): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const { data } = useQuery({ queryKey: ['refusals', version], queryFn: ({ signal }) => ask({ sql }, signal) })
  if (data === undefined || data.rows.length === 0) return null
  return (
    <section className="refusals">
      <h2>{text('whyRefused')}</h2>
      <ul>
        {data.rows.map(([first, second, third, records]) => {
          const [source, destination, port] = [plainText(first), plainText(second), plainText(third)]
          const search = whySearch({ source, destination, port, range: lastDay })
          return (
            <li key={search}>
              <Link to={`/why?${search}`}>
                {shownText(source)} → {shownText(destination)}
                {port === '' ? '' : ` : ${shownText(port)}`}
                <span className="soft">
                  {text('records', { count: fullNumber(numberOf(records) ?? 0, undefined, language) })}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
