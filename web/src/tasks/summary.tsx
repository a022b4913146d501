import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { shortName } from '../pipes/lanes.ts'
import { Shape } from '../pipes/shape.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import type { StreamEntry, TaskDetails } from './api.ts'
import { sumOf } from './graph.ts'
import { useTaskText } from './use-task-text.ts'

interface SummaryProps {
  readonly tasks: readonly TaskDetails[]
  readonly streams: readonly StreamEntry[]
}

/** What runs, what waits and what is wrong, of all streams and tasks. */
export function Summary({ tasks, streams }: SummaryProps): ReactNode {
  const text = useTaskText()
  const { language } = useChoices()
  const shown = (count: number): string => fullNumber(count, undefined, language)
  const sum = sumOf(tasks, streams)
  const wrong = (
    [
      ['tasksFailed', sum.failed],
      ['streamsStale', sum.stale],
      ['tasksNoticed', sum.noticed],
    ] as const
  ).filter(([, names]) => names.length > 0)
  const isBad = sum.failed.length + sum.stale.length > 0
  return (
    <dl className="way-sum">
      <div>
        <dt>
          <Shape name="running" />
          {text('runs')}
        </dt>
        <dd>
          {sum.started === 0
            ? text('startedNone')
            : text('startedOf', { started: shown(sum.started), count: shown(sum.tasks) })}
        </dd>
        <dd className="lane-soft">
          {sum.running === 0 ? text('runningNone') : text('runningNow', { count: shown(sum.running) })}
        </dd>
      </div>
      <div>
        <dt>
          <Icon name="clock" />
          {text('waits')}
        </dt>
        <dd className={sum.waiting === 0 ? 'none' : ''}>
          {sum.waiting === 0 ? text('waitsNothing') : text('streamsWaiting', { count: shown(sum.waiting) })}
        </dd>
        <dd className="lane-soft">{text('waitsHint')}</dd>
      </div>
      <div className={isBad ? 'bad' : wrong.length > 0 ? 'warn' : ''}>
        <dt>
          <Shape name={wrong.length === 0 ? 'good' : 'stalled'} />
          {text('wrong')}
        </dt>
        <dd className={wrong.length === 0 ? 'none' : ''}>
          {wrong.length === 0
            ? text('wrongNothing')
            : wrong.map(([key, names]) => text(key, { count: shown(names.length) })).join(text('comma'))}
        </dd>
        <dd className="lane-soft">
          {wrong.length === 0
            ? text('wrongHint')
            : shownText([...new Set(wrong.flatMap(([, names]) => names))].map(shortName).join(', '), 120)}
        </dd>
      </div>
    </dl>
  )
}
