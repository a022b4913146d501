import type { ReactNode } from 'react'
import type { PipeDetails } from './api.ts'
import { Shape } from './shape.tsx'
import { usePipeText } from './use-pipe-text.ts'

const stateTexts = {
  running: 'stateRunning',
  paused: 'statePaused',
  stopped: 'stateStopped',
  stalled: 'stateStalled',
  broken: 'stateBroken',
} as const

/** How a pipe is doing, by word and by shape. */
export function StateWord({ state }: { readonly state: PipeDetails['state'] }): ReactNode {
  const text = usePipeText()
  return (
    <span className={`pipe-state ${state}`}>
      <Shape name={state} />
      {text(stateTexts[state])}
    </span>
  )
}
