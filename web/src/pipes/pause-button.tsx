import type { ReactNode } from 'react'
import { shownText } from '../text/figures.ts'
import type { PipeDetails } from './api.ts'
import { shortName } from './lanes.ts'
import { Shape } from './shape.tsx'
import { usePipeText } from './use-pipe-text.ts'
import type { PipeWork } from './use-pipe-work.ts'
import { WorkButton } from './work-button.tsx'

/** Pauses a pipe, or resumes it. */
export function PauseButton({ pipe, work }: { readonly pipe: PipeDetails; readonly work: PipeWork }): ReactNode {
  const text = usePipeText()
  const name = shownText(shortName(pipe.name), 80)
  const kind = pipe.state === 'paused' ? 'resume' : 'pause'
  return (
    <WorkButton work={work} action={{ kind }} label={text(kind === 'pause' ? 'pauseOf' : 'resumeOf', { name })}>
      <Shape name={kind === 'pause' ? 'paused' : 'running'} />
      {text(kind)}
    </WorkButton>
  )
}
