import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { Link } from '../app/link.tsx'
import { writeLoads } from '../loads/history.ts'
import { fullNumber, shownMoment } from '../text/figures.ts'
import { historyPlace, type Lane } from './lanes.ts'
import { LongText } from './long-text.tsx'
import { usePipeText } from './use-pipe-text.ts'

/** What is known of a pipe beside what its lane shows. */
export function PipeFacts({ pipe, sharing }: Pick<Lane, 'pipe' | 'sharing'>): ReactNode {
  const text = usePipeText()
  const zoneText = useText()
  const { language, zone } = useChoices()
  const time = (iso: string | null): string =>
    iso === null ? '–' : `${shownMoment(Date.parse(iso), zone, true)} ${zoneText(zone)}`
  const named = [
    [text('factStage'), pipe.stage],
    [text('factLocation'), pipe.location],
    [text('factTable'), pipe.table_name],
    [text('factQueue'), pipe.queue],
    [text('factSharing'), sharing.length === 0 ? null : sharing.join(', ')],
    [text('factComment'), pipe.comment],
    [text('factLastFile'), pipe.last_loaded_file],
    [text('factOldest'), pipe.oldest_pending_file],
  ] as const
  const plain = [
    [text('factCreated'), time(pipe.created_at)],
    [text('factStart'), pipe.start_at === null ? text('factStartAll') : time(pipe.start_at)],
    [text('factListed'), time(pipe.listed_at)],
    [text('factReceived'), time(pipe.last_received_at)],
    [text('factNewest'), time(pipe.newest_event_at)],
    [text('factFailed'), fullNumber(pipe.failed_files, undefined, language)],
  ] as const
  return (
    <section className="pipe-part" aria-label={text('factsTitle')}>
      <h3>{text('factsTitle')}</h3>
      <dl className="pipe-facts">
        {named.map(([name, value]) =>
          value === null ? undefined : (
            <div key={name} className="wide">
              <dt>{name}</dt>
              <dd>
                <LongText whole={value} />
              </dd>
            </div>
          ),
        )}
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {pipe.location !== null && (
        <Link className="link" to={loadsOf(pipe.location)}>
          {text('loadsOf')}
        </Link>
      )}
    </section>
  )
}

function loadsOf(location: string): string {
  return writeLoads({ view: 'history', status: undefined, find: historyPlace(location), page: 0, file: undefined })
}
