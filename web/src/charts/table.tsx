import type { ReactNode } from 'react'
import type { Result } from '../api/query.ts'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, numberOf, shownText, shownValue } from '../text/figures.ts'
import { isNumeric, isTemporal } from './columns.ts'

const maxRows = 500
const longText = 36

/** The class of a cell, by the type of its column. */
function classOf(type: string): string {
  if (isNumeric(type)) return 'number'
  return isTemporal(type) ? 'time' : 'text'
}

/** Ports, statuses and ids are numbers by which nobody counts: no separators in them. */
const plain = /(port|status|version|_id|year|protocol|flags|line)$/i

/** The rows of a result, the first five hundred of them. */
export function Table({ result, label }: { readonly result: Result; readonly label: string }): ReactNode {
  const choices = useChoices()
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {result.columns.map((column) => (
              <th key={column.name} scope="col" className={classOf(column.type)}>
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
                const number = plain.test(column.name) ? undefined : numberOf(value)
                const shown =
                  number === undefined
                    ? shownValue(value, choices, 200)
                    : fullNumber(number, undefined, choices.language)
                return (
                  <td key={column.name} className={shown.length > longText ? 'long' : classOf(column.type)}>
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
