import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../../app/choices.tsx'
import { shownText } from '../../text/figures.ts'
import { worksheetsQuery } from '../api.ts'
import type { WorksheetEntry } from '../../../../src/worksheet/shape.ts'
import { matches } from './groups.ts'
import type { SideProps } from './side.tsx'

type WorksheetListProps = Pick<SideProps, 'current' | 'query' | 'onWorksheet'> & { readonly find: string }

/** The one that has no name yet, the saved worksheets, and those that come with Millrace. */
export function WorksheetList({ current, query, onWorksheet, find }: WorksheetListProps): ReactNode {
  const text = useText()
  const { data: entries } = useQuery(worksheetsQuery)
  const shown = entries?.filter(({ name, title }) => matches(find, name, title)) ?? []
  const own = shown.filter(({ origin }) => origin === 'lake')
  const builtIn = shown.filter(({ origin }) => origin !== 'lake')
  const item = (name: string | undefined, title: string, fault?: string): ReactNode => (
    <li key={name ?? ''}>
      <button
        type="button"
        className="side-item"
        aria-current={query === undefined && current === name ? 'true' : undefined}
        onClick={() => {
          onWorksheet(name)
        }}
      >
        <span className="side-title">
          <bdi>{shownText(title, 120)}</bdi>
        </span>
        {fault !== undefined && (
          <span className="mark" role="img" aria-label={fault} title={fault}>
            !
          </span>
        )}
      </button>
    </li>
  )
  const saved = ({ name, title, fault }: WorksheetEntry): ReactNode => item(name, title, fault)
  return (
    <>
      <ul>
        {find === '' && item(undefined, text('worksheetUntitled'))}
        {own.map(saved)}
      </ul>
      {entries !== undefined && own.length === 0 && find === '' && (
        <div className="side-note">
          <strong>{text('worksheetsNone')}</strong>
          <p>{text('worksheetsNoneHint')}</p>
        </div>
      )}
      {builtIn.length > 0 && (
        <section aria-label={text('worksheetsBuiltIn')}>
          <h3>{text('worksheetsBuiltIn')}</h3>
          <ul>{builtIn.map(saved)}</ul>
        </section>
      )}
      {find !== '' && shown.length === 0 && (
        <p className="side-note">{text('findNone', { find: shownText(find, 60) })}</p>
      )}
    </>
  )
}
