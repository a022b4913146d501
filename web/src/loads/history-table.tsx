import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, shortNumber, shownText, shownValue } from '../text/figures.ts'
import type { HistoryEntry } from './api.ts'
import { splitFile } from './history.ts'
import { StatusWord } from './status-word.tsx'

interface HistoryTableProps {
  readonly entries: readonly HistoryEntry[]
  readonly onFile: (file: string) => void
}

const counts = [
  ['lines', 'linesOf'],
  ['rows', 'rowsOf'],
  ['rejects', 'rejectsOf'],
  ['skipped', 'skippedOf'],
] as const

/** Files of load history. On a narrow screen each is a card; roles say that it is a table all the same. */
export function HistoryTable({ entries, onFile }: HistoryTableProps): ReactNode {
  const text = useText()
  const { language, zone } = useChoices()
  return (
    <div className="scroll" role="region" aria-label={text('loadHistory')} tabIndex={0}>
      <table className="cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {text('loadedAt')} ({text(zone)})
            </th>
            <th scope="col" role="columnheader">
              {text('statusOf')}
            </th>
            <th scope="col" role="columnheader">
              {text('fileOf')}
            </th>
            {counts.map(([column, label]) => (
              <th key={column} scope="col" role="columnheader" className="number">
                {text(label)}
              </th>
            ))}
            <th scope="col" role="columnheader" className="number">
              {text('bytesOf')}
            </th>
            <th scope="col" role="columnheader">
              {text('tableOf')}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {entries.map((entry) => {
            const { folder, name } = splitFile(entry.file)
            return (
              <tr key={`${entry.load_id} ${entry.file} ${entry.version}`} role="row">
                <td role="cell" className="time">
                  {shownValue(entry.loaded_at, { language, zone })}
                </td>
                <td role="cell">
                  <StatusWord status={entry.status} />
                </td>
                <td role="cell" className="file">
                  <button
                    type="button"
                    title={shownText(entry.file, 1000)}
                    onClick={() => {
                      onFile(entry.file)
                    }}
                  >
                    <bdi>{shownText(name)}</bdi>
                  </button>
                  <bdi className="folder">{shownText(folder)}</bdi>
                  {entry.error !== null && <bdi className="fault">{shownText(entry.error)}</bdi>}
                </td>
                {counts.map(([column, label]) => (
                  <td
                    key={column}
                    role="cell"
                    className={`number${entry[column] === 0 ? ' none' : ''}`}
                    data-label={text(label)}
                  >
                    {fullNumber(entry[column], undefined, language)}
                  </td>
                ))}
                <td role="cell" className="number" data-label={text('bytesOf')}>
                  {shortNumber(entry.bytes, 'bytes', language)}
                </td>
                <td role="cell" className="table-name">
                  {entry.table_name === null ? <span className="null">–</span> : <bdi>{entry.table_name}</bdi>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
