import type { ReactNode } from 'react'
import type { Result } from '../api/query.ts'
import { useChoices } from '../app/choices.tsx'
import { shownText } from '../text/figures.ts'
import { cellClass, shownCell } from './cells.ts'

const maxRows = 500
const longText = 36

/** The rows of a result, the first five hundred of them. */
export function Table({ result, label }: { readonly result: Result; readonly label: string }): ReactNode {
  const choices = useChoices()
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {result.columns.map((column) => (
              <th key={column.name} scope="col" className={cellClass(column.type)}>
                {shownText(column.name, 60)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.slice(0, maxRows).map((row, at) => (
            // Rows of a result have no name of their own.
            <tr key={String(at)}>
              {result.columns.map((column, index) => {
                const value = row[index]
                const shown = shownCell(column, value, choices, 200)
                return (
                  <td key={column.name} className={shown.length > longText ? 'long' : cellClass(column.type)}>
                    {value === null ? <span className="null">–</span> : <bdi>{shown}</bdi>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
