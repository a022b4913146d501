import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { useClock } from '../app/use-clock.ts'
import { fullNumber } from '../text/figures.ts'
import type { PipeAction, PipeLoad } from './api.ts'
import { LongText } from './long-text.tsx'
import { shownSpan } from './span.ts'
import { type PipeTranslate, usePipeText } from './use-pipe-text.ts'
import type { Work } from './use-work.ts'

const workingTexts = {
  pause: 'workingPause',
  resume: 'workingResume',
  refresh: 'workingRefresh',
  retry: 'workingRetry',
} as const
const failedTexts = {
  pause: 'failedPause',
  resume: 'failedResume',
  refresh: 'failedRefresh',
  retry: 'failedRetry',
} as const

interface WorkNoteProps {
  readonly work: Work
  /** Work of other kinds is not told here; all is where it is not said. */
  readonly only?: PipeAction['kind']
}

/** How far work is once it takes over a second, and what came of it. */
export function WorkNote({ work, only }: WorkNoteProps): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const { kind, isRunning, error, load, wasStopped } = work
  const isShown = kind !== undefined && (only === undefined || kind === only)
  const outcome = isShown && !isRunning && (wasStopped || load !== undefined)
  return (
    <>
      {isShown && isRunning && <Working kind={kind} work={work} />}
      <div role="status" className="work-note">
        {outcome && (
          <p>
            {load === undefined
              ? text('stopped')
              : outcomeOf(load, text, (count) => fullNumber(count, undefined, language))}
            <Dismiss work={work} />
          </p>
        )}
        {outcome && load !== undefined && load.faults.length > 0 && (
          <ul>
            {load.faults.map(({ file, message }) => (
              <li key={file}>
                <LongText whole={message} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div role="alert" className="work-note">
        {isShown && !isRunning && error !== undefined && (
          <p>
            {text('workFailed', { what: text(failedTexts[kind]) })} <LongText whole={error.message} />
            <Dismiss work={work} />
          </p>
        )}
      </div>
    </>
  )
}

function Working({ kind, work }: { readonly kind: PipeAction['kind']; readonly work: Work }): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const passedMs = useClock(work.since)
  if (passedMs < 1000) return undefined
  const isLoading = kind === 'refresh' || kind === 'retry'
  const what = text(workingTexts[kind])
  return (
    <p className="working">
      <progress aria-label={what} />
      <span>{text('working', { what, span: shownSpan(Math.floor(passedMs / 1000), language) })}</span>
      {isLoading && (
        <button
          type="button"
          className="button"
          onClick={() => {
            work.stop()
          }}
        >
          {text('stop')}
        </button>
      )}
    </p>
  )
}

function Dismiss({ work }: { readonly work: Work }): ReactNode {
  const text = usePipeText()
  return (
    <button
      type="button"
      className="quiet"
      aria-label={text('dismiss')}
      title={text('dismiss')}
      onClick={() => {
        work.forget()
      }}
    >
      <Icon name="close" />
    </button>
  )
}

/** What a load did, in sentences. */
function outcomeOf(
  { files, rows, rejects, failed_files, gone_files }: PipeLoad,
  text: PipeTranslate,
  shown: (count: number) => string,
): string {
  if (files + failed_files + gone_files === 0) return text('outcomeNothing')
  return [
    text('outcomeLoaded', { files: shown(files), rows: shown(rows) }),
    ...(rejects > 0 ? [text('outcomeRejects', { count: shown(rejects) })] : []),
    ...(failed_files > 0 ? [text('outcomeFailed', { count: shown(failed_files) })] : []),
    ...(gone_files > 0 ? [text('outcomeGone', { count: shown(gone_files) })] : []),
  ].join(' ')
}
