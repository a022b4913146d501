import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useChoices } from '../app/choices.tsx'
import { splitFile } from '../loads/history.ts'
import { RawLine } from '../loads/raw-line.tsx'
import { fullNumber, shownMessage, shownMoment, shownText } from '../text/figures.ts'
import { type ParkedObject, parkedQuery, type PipeDetails } from './api.ts'
import { shortName } from './lanes.ts'
import { LongText } from './long-text.tsx'
import { usePipeText } from './use-pipe-text.ts'
import type { PipeWork } from './use-pipe-work.ts'
import { WorkButton } from './work-button.tsx'
import { WorkNote } from './work-note.tsx'

const firstLimit = 100

/** What a pipe has given up, and a way to try it again. */
export function ParkedList({ pipe, work }: { readonly pipe: PipeDetails; readonly work: PipeWork }): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const [limit, setLimit] = useState(firstLimit)
  const { data = [], error } = useQuery(parkedQuery(pipe.name, pipe.parked_files, limit))
  const canRetry = data.some(({ file }) => file !== null)
  return (
    <section className="pipe-part" aria-label={text('parkedTitle')}>
      <header>
        <h3>
          {text('parkedTitle')} <span className="soft">{fullNumber(pipe.parked_files, undefined, language)}</span>
        </h3>
        {canRetry && (
          <WorkButton
            work={work}
            action={{ kind: 'retry' }}
            label={text('retryOf', { name: shownText(shortName(pipe.name), 80) })}
            isPrimary
          >
            {text('retry')}
          </WorkButton>
        )}
      </header>
      <p className="soft">{text(pipe.parked_files === 0 ? 'parkedNone' : 'parkedHint')}</p>
      <WorkNote work={work} only="retry" />
      {error !== null && <p role="alert">{shownMessage(error.message)}</p>}
      <ol className="parked">
        {data.map((parked, index) => (
          // Messages have no name, and two may have come at once.
          <Parked key={`${parked.file ?? ''} ${parked.parked_at} ${index}`} parked={parked} />
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
          {text('parkedMore')}
        </button>
      )}
    </section>
  )
}

function Parked({ parked: { file, bytes, reason, body, parked_at } }: { readonly parked: ParkedObject }): ReactNode {
  const text = usePipeText()
  const { language, zone } = useChoices()
  const { folder, name } = splitFile(file ?? '')
  return (
    <li>
      <p className="parked-head">
        <strong title={shownText(file ?? '', 2000)}>
          {file === null ? text('parkedMessage') : <bdi>{shownText(name)}</bdi>}
        </strong>
        {bytes !== null && <span className="soft">{fullNumber(bytes, 'bytes', language)}</span>}
        <span className="soft">{text('parkedAt', { time: shownMoment(Date.parse(parked_at), zone, true) })}</span>
      </p>
      {file !== null && <bdi className="folder">{shownText(folder, 1000)}</bdi>}
      <div className="parked-reason">
        <LongText whole={reason} />
      </div>
      {body !== null && <RawLine raw={body} />}
      {file === null && <p className="soft">{text('parkedMessageHint')}</p>}
    </li>
  )
}
