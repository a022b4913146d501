import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../../app/choices.tsx'
import { shownText } from '../../text/figures.ts'
import { worksheetsQuery } from '../api.ts'
import { matches } from './groups.ts'
import type { SideProps } from './side.tsx'

type WorksheetListProps = Pick<SideProps, 'current' | 'query' | 'onWorksheet'> & { readonly find: string }

/** The saved worksheets, and the one that has no name yet. */
export function WorksheetList({ current, query, onWorksheet, find }: WorksheetListProps): ReactNode {
  const text = useText()
  const { data: entries } = useQuery(worksheetsQuery)
  const shown = entries?.filter(({ name, title }) => matches(find, name, title)) ?? []
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
  return (
    <>
      <ul>
        {find === '' && item(undefined, text('worksheetUntitled'))}
        {shown.map(({ name, title, fault }) => item(name, title, fault))}
      </ul>
      {entries !== undefined && entries.length === 0 && find === '' && (
        <div className="side-note">
          <strong>{text('worksheetsNone')}</strong>
          <p>{text('worksheetsNoneHint')}</p>
        </div>
      )}
      {find !== '' && shown.length === 0 && (
        <p className="side-note">{text('findNone', { find: shownText(find, 60) })}</p>
      )}
    </>
  )
}
