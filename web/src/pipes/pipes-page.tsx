import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { goTo, useParameters } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { shownMessage } from '../text/figures.ts'
import { pipesQuery, stagesQuery } from './api.ts'
import { wayOf } from './lanes.ts'
import { NoPipes } from './no-pipes.tsx'
import { PipeLane } from './pipe-lane.tsx'
import { Summary } from './summary.tsx'
import { UnreadStage } from './unread-stage.tsx'
import { usePipeText } from './use-pipe-text.ts'
import { WayHead } from './way-head.tsx'
import { useRates } from './use-rates.ts'

/** The way of the data, one lane a pipe. The pipe whose details are open is in the address. */
export default function PipesPage(): ReactNode {
  const text = usePipeText()
  const pageText = useText()
  const opened = useParameters().get('pipe')
  const { data: pipes, error, dataUpdatedAt } = useQuery(pipesQuery)
  const { data: stages = [] } = useQuery(stagesQuery)
  const rates = useRates(pipes, dataUpdatedAt)
  const { lanes, unread } = wayOf(pipes ?? [], stages)
  const sum = rates.size === 0 ? undefined : [...rates.values()].reduce((all, rate) => all + rate, 0)
  return (
    <main id="content" className="board pipes" tabIndex={-1}>
      <div className="board-head">
        <div className="board-title">
          <h1>{pageText('pipes')}</h1>
          <p>{text('lede')}</p>
        </div>
      </div>
      {error !== null && <p role="alert">{shownMessage(error.message)}</p>}
      {pipes === undefined && error === null && <div className="skeleton tall" />}
      {pipes?.length === 0 && <NoPipes />}
      {pipes !== undefined && pipes.length > 0 && <Summary pipes={pipes} rate={sum} />}
      {pipes !== undefined && lanes.length + unread.length > 0 && <WayHead />}
      <ul className="lanes">
        {lanes.map((lane) => (
          <PipeLane
            key={lane.pipe.name}
            lane={lane}
            rate={rates.get(lane.pipe.name)}
            isOpen={opened === lane.pipe.name}
            onOpen={(isOpen) => {
              goTo(isOpen ? `/pipes?${new URLSearchParams({ pipe: lane.pipe.name }).toString()}` : '/pipes')
            }}
          />
        ))}
        {unread.map((stage) => (
          <UnreadStage key={stage.name} stage={stage} />
        ))}
      </ul>
    </main>
  )
}
