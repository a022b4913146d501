import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { Link } from '../app/link.tsx'
import { writeLoads } from '../loads/history.ts'
import { fullNumber, shownMoment } from '../text/figures.ts'
import { Facts } from '../actions/facts.tsx'
import { historyPlace, type Lane } from './lanes.ts'
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
    <Facts title={text('factsTitle')} named={named} plain={plain}>
      {pipe.location !== null && (
        <Link className="link" to={loadsOf(pipe.location)}>
          {text('loadsOf')}
        </Link>
      )}
    </Facts>
  )
}

function loadsOf(location: string): string {
  return writeLoads({ view: 'history', status: undefined, find: historyPlace(location), page: 0, file: undefined })
}
