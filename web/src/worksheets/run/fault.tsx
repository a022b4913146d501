import type { ReactNode } from 'react'
import { type Dialect, dialectNames } from '../../../../src/sql/dialects.ts'
import { useText } from '../../app/choices.tsx'
import { shownMessage } from '../../text/figures.ts'
import { dialectHint } from '../../tiles/dialect-hint.ts'
import type { Run } from './use-run.ts'

interface FaultProps {
  readonly run: Run
  readonly onDialect: (dialect: Dialect) => void
}

/** Why a run gave no rows, and the dialect that its statement looks like. */
export function Fault({ run: { error, order }, onDialect }: FaultProps): ReactNode {
  const text = useText()
  if (error === undefined) return undefined
  const isOwn = 'sql' in order.asked && order.asked.dialect === 'duckdb'
  const hint = isOwn && 'sql' in order.asked ? dialectHint(order.asked.sql) : undefined
  return (
    <div className="fault" role="alert">
      <pre tabIndex={0} lang="en">
        {shownMessage(error.message)}
      </pre>
      {hint !== undefined && (
        <p>
          {text('dialectHint', { dialect: dialectNames[hint] })}{' '}
          <button
            type="button"
            className="button"
            onClick={() => {
              onDialect(hint)
            }}
          >
            {text('dialectTry', { dialect: dialectNames[hint] })}
          </button>
        </p>
      )}
    </div>
  )
}
