import { type ReactNode, useId } from 'react'
import { Icon } from '../app/icon.tsx'
import { shownText } from '../text/figures.ts'
import { type Lane, passagesOf, shortName } from './lanes.ts'
import { QueueNode, StageNode, TableNode } from './nodes.tsx'
import { PauseButton } from './pause-button.tsx'
import { PipeNode } from './pipe-node.tsx'
import { PipePanel } from './pipe-panel.tsx'
import { Reason } from './reason.tsx'
import { Shape } from './shape.tsx'
import { usePipeText } from './use-pipe-text.ts'
import { usePipeWork } from './use-pipe-work.ts'
import { WorkButton } from './work-button.tsx'
import { WorkNote } from './work-note.tsx'

interface PipeLaneProps {
  readonly lane: Lane
  /** Rows a minute; undefined while that is not known. */
  readonly rate: number | undefined
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

/** The way through one pipe, and what can be done with it. */
export function PipeLane({ lane, rate, isOpen, onOpen }: PipeLaneProps): ReactNode {
  const text = usePipeText()
  const id = useId()
  const { pipe, stage, sharing } = lane
  // A pipe can be paused while a refresh takes its time.
  const steering = usePipeWork(pipe.name)
  const loading = usePipeWork(pipe.name)
  const name = shownText(shortName(pipe.name), 80)
  const [toQueue, toPipe, toTable] = passagesOf(lane, rate ?? 0)
  const open = (): void => {
    onOpen(true)
  }
  return (
    <li className={`lane ${pipe.state}`}>
      <article aria-labelledby={id}>
        <ol className="lane-way">
          <StageNode
            name={pipe.stage}
            stage={stage}
            location={pipe.location}
            isGone={stage === undefined && pipe.state === 'broken'}
          />
          <QueueNode pipe={pipe} sharing={sharing} passage={toQueue} />
          <PipeNode pipe={pipe} id={id} passage={toPipe} onParked={open} />
          <TableNode pipe={pipe} rate={rate} passage={toTable} />
        </ol>
        <div className="lane-foot">
          <div className="lane-notes">
            <Reason pipe={pipe} />
            {!isOpen && (
              <>
                <WorkNote work={steering} />
                <WorkNote work={loading} />
              </>
            )}
          </div>
          <div className="lane-tools">
            <WorkButton
              work={loading}
              action={{ kind: 'refresh', prefix: '' }}
              label={text('refreshOf', { name })}
              title={text('refreshHint')}
            >
              <Shape name="refresh" />
              {text('refresh')}
            </WorkButton>
            <PauseButton pipe={pipe} work={steering} />
            <button type="button" className="button" aria-label={text('detailsOf', { name })} onClick={open}>
              <Icon name="menu" />
              {text('details')}
            </button>
          </div>
        </div>
      </article>
      {isOpen && (
        <PipePanel
          lane={lane}
          steering={steering}
          loading={loading}
          onClose={() => {
            onOpen(false)
          }}
        />
      )}
    </li>
  )
}
