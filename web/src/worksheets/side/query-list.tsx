import type { ReactNode } from 'react'
import { useText } from '../../app/choices.tsx'
import { shownText } from '../../text/figures.ts'
import { groupQueries, matches } from './groups.ts'
import type { SideProps } from './side.tsx'
import { useNamedQueries } from '../../named-queries/use-named-queries.ts'

type QueryListProps = Pick<SideProps, 'query' | 'onQuery'> & { readonly find: string }

/** The named queries by log type. */
export function QueryList({ query: current, onQuery, find }: QueryListProps): ReactNode {
  const text = useText()
  const queries = useNamedQueries()
  const shown = queries.filter(({ name, title, question }) => matches(find, name, title, question))
  return (
    <>
      {[...groupQueries(shown)].map(([type, group]) => (
        <section key={type} aria-label={type}>
          <h3>{type}</h3>
          <ul>
            {group.map(({ name, title, question }) => (
              <li key={name}>
                <button
                  type="button"
                  className="side-item"
                  title={question}
                  aria-current={current === name ? 'true' : undefined}
                  onClick={() => {
                    onQuery(name)
                  }}
                >
                  <span className="side-title">{title}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {find !== '' && shown.length === 0 && (
        <p className="side-note">{text('findNone', { find: shownText(find, 60) })}</p>
      )}
    </>
  )
}
