import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import { rejectsQuery } from './api.ts'
import { splitFile } from './history.ts'
import { RawLine } from './raw-line.tsx'
import { ReplayForm } from './replay-form.tsx'

const firstLimit = 100

interface RejectListProps {
  /** Undefined: of every file. */
  readonly file: string | undefined
  readonly version: string | undefined
  readonly onFile?: (file: string) => void
}

/** Rejected lines: where they stand, why, and what they hold. */
export function RejectList({ file, version, onFile }: RejectListProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const [limit, setLimit] = useState(firstLimit)
  const [wasAny, setAny] = useState(false)
  const { data, error } = useQuery(rejectsQuery(file, limit, version))
  const hasAny = data !== undefined && data.length > 0
  // What a replay said stays when it left no reject.
  if (hasAny && !wasAny) setAny(true)
  return (
    <div className="rejects">
      {(hasAny || wasAny) && <ReplayForm file={file} />}
      {error !== null && <p role="alert">{error.message}</p>}
      {data === undefined && error === null && <div className="skeleton tall" />}
      {data?.length === 0 && <p className="tile-note">{text(file === undefined ? 'noRejects' : 'noRejectsOfFile')}</p>}
      {hasAny && (
        <>
          <p className="soft">{text('rejectsShown', { count: fullNumber(data.length, undefined, language) })}</p>
          <ol>
            {data.map((reject) => (
              <li key={`${reject.load_id} ${reject.file} ${reject.line}`}>
                <p className="reject-head">
                  <strong>
                    {text('lineOf')} {fullNumber(reject.line, undefined, language)}
                  </strong>
                  <span lang="en">
                    <bdi>{shownText(reject.reason)}</bdi>
                  </span>
                  {onFile !== undefined && (
                    <button
                      type="button"
                      className="link"
                      title={shownText(reject.file, 1000)}
                      onClick={() => {
                        onFile(reject.file)
                      }}
                    >
                      <bdi>{shownText(splitFile(reject.file).name)}</bdi>
                    </button>
                  )}
                </p>
                <RawLine raw={reject.raw} />
              </li>
            ))}
          </ol>
          {data.length >= limit && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setLimit(limit * 5)
              }}
            >
              {text('moreRejects')}
            </button>
          )}
        </>
      )}
    </div>
  )
}
