import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import type { PipeDetails } from './api.ts'
import { type Passage, shortName } from './lanes.ts'
import { Figures, Node, useFigure } from './nodes.tsx'
import { shownSpan } from './span.ts'
import { StateWord } from './state-word.tsx'
import { usePipeText } from './use-pipe-text.ts'

interface PipeNodeProps {
  readonly pipe: PipeDetails
  /** Of its name, by which the lane is known. */
  readonly id: string
  readonly passage: Passage
  /** Shows what was given up. */
  readonly onParked: () => void
}

/** The pipe itself: how it is doing, what waits in it, and what it has given up. */
export function PipeNode({ pipe, id, passage, onParked }: PipeNodeProps): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const figure = useFigure()
  const { name, state, pending_files, lag_seconds, parked_files } = pipe
  const lag =
    pending_files === 0 || lag_seconds === null
      ? ({ value: '–', tone: 'none' } as const)
      : { value: shownSpan(Math.max(1, lag_seconds), language), tone: undefined }
  const parked = fullNumber(parked_files, undefined, language)
  const hint = text('parkedOpen', { count: parked, name: shownText(shortName(name), 80) })
  const open = (
    <button type="button" aria-label={hint} title={hint} onClick={onParked}>
      {parked}
    </button>
  )
  return (
    <Node place="pipe" passage={passage}>
      <div className="lane-head">
        <h2 id={id} className="lane-name" title={shownText(name, 2000)}>
          <bdi>{shownText(shortName(name))}</bdi>
        </h2>
        <StateWord state={state} />
      </div>
      <Figures
        of={[
          figure(text('pending'), pending_files),
          { label: text('lag'), ...lag },
          parked_files === 0 ? figure(text('parked'), 0) : { label: text('parked'), value: open, tone: 'warn' },
        ]}
      />
    </Node>
  )
}
