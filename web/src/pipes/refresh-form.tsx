import { type ReactNode, useId, useState } from 'react'
import { shownText } from '../text/figures.ts'
import type { PipeDetails } from './api.ts'
import { shortName } from './lanes.ts'
import { usePipeText } from './use-pipe-text.ts'
import type { PipeWork } from './use-pipe-work.ts'
import { WorkNote } from './work-note.tsx'

/** Has a pipe load what its stage holds, all of it or a part. */
export function RefreshForm({ pipe, work }: { readonly pipe: PipeDetails; readonly work: PipeWork }): ReactNode {
  const text = usePipeText()
  const [prefix, setPrefix] = useState('')
  const id = useId()
  return (
    <section className="pipe-part" aria-label={text('refreshTitle')}>
      <h3>{text('refreshTitle')}</h3>
      <p className="soft">{text('refreshHint')}</p>
      <form
        className="refresh-form"
        onSubmit={(event) => {
          event.preventDefault()
          work.start({ kind: 'refresh', prefix })
        }}
      >
        <label>
          {text('refreshPrefix')}
          <span className="refresh-place">
            {pipe.location !== null && (
              <bdi id={id} title={shownText(pipe.location, 2000)}>
                {shownText(pipe.location)}
              </bdi>
            )}
            <input
              value={prefix}
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              onChange={(event) => {
                setPrefix(event.target.value)
              }}
            />
          </span>
        </label>
        <button
          type="submit"
          className="button"
          aria-label={text('refreshOf', { name: shownText(shortName(pipe.name), 80) })}
          aria-disabled={work.isRunning}
          aria-busy={work.isRunning && work.kind === 'refresh'}
        >
          {text('refresh')}
        </button>
      </form>
      <WorkNote work={work} only="refresh" />
    </section>
  )
}
