import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { fullNumber } from '../text/figures.ts'
import { Dismiss, Working } from '../actions/working.tsx'
import type { PipeAction, PipeLoad } from './api.ts'
import { LongText } from './long-text.tsx'
import { type PipeTranslate, usePipeText } from './use-pipe-text.ts'
import type { PipeWork } from './use-pipe-work.ts'

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
  readonly work: PipeWork
  /** Work of other kinds is not told here; all is where it is not said. */
  readonly only?: PipeAction['kind']
}

/** How far work is once it takes over a second, and what came of it. */
export function WorkNote({ work, only }: WorkNoteProps): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const { kind, isRunning, error, result: load, wasStopped } = work
  const isShown = kind !== undefined && (only === undefined || kind === only)
  const outcome = isShown && !isRunning && (wasStopped || load !== undefined)
  return (
    <>
      {isShown && isRunning && (
        <Working
          what={text(workingTexts[kind])}
          since={work.since}
          onStop={
            kind === 'refresh' || kind === 'retry'
              ? () => {
                  work.stop()
                }
              : undefined
          }
        />
      )}
      <div role="status" className="work-note">
        {outcome && (
          <p>
            {load === undefined
              ? text('stopped')
              : outcomeOf(load, text, (count) => fullNumber(count, undefined, language))}
            <Dismiss onDismiss={work.forget} />
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
            <Dismiss onDismiss={work.forget} />
          </p>
        )}
      </div>
    </>
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
