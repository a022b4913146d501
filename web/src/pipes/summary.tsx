import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import type { PipeDetails } from './api.ts'
import { shortName, sumOf } from './lanes.ts'
import { Shape } from './shape.tsx'
import { shownSpan } from './span.ts'
import { usePipeText } from './use-pipe-text.ts'

interface SummaryProps {
  readonly pipes: readonly PipeDetails[]
  /** Rows a minute of all pipes; undefined while that is not known. */
  readonly rate: number | undefined
}

/** What flows, what waits and what is wrong, of all pipes. */
export function Summary({ pipes, rate }: SummaryProps): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const shown = (count: number): string => fullNumber(count, undefined, language)
  const { running, ailing, messages, files, lagSeconds, parked } = sumOf(pipes)
  const waiting = [
    ...(messages > 0 ? [text('messagesWaiting', { count: shown(messages) })] : []),
    ...(files > 0 ? [text('filesPending', { count: shown(files) })] : []),
  ]
  const wrong = [
    ...(ailing.length > 0 ? [text('pipesAiling', { count: shown(ailing.length) })] : []),
    ...(parked > 0 ? [text('filesParked', { count: shown(parked) })] : []),
  ]
  return (
    <dl className="way-sum">
      <div>
        <dt>
          <Shape name="running" />
          {text('flows')}
        </dt>
        <dd>
          {running === 0
            ? text('runningNone')
            : text('runningOf', { running: shown(running), count: shown(pipes.length) })}
        </dd>
        <dd className="lane-soft">
          {rate === undefined ? text('rateUnknown') : text('rowsAMinute', { rows: shown(rate) })}
        </dd>
      </div>
      <div>
        <dt>
          <Icon name="clock" />
          {text('waits')}
        </dt>
        <dd className={waiting.length === 0 ? 'none' : ''}>
          {waiting.length === 0 ? text('waitsNothing') : waiting.join(text('comma'))}
        </dd>
        <dd className="lane-soft">
          {files > 0 ? text('oldestSince', { span: shownSpan(Math.max(1, lagSeconds), language) }) : text('waitsHint')}
        </dd>
      </div>
      <div className={ailing.length > 0 ? 'bad' : parked > 0 ? 'warn' : ''}>
        <dt>
          <Shape name={wrong.length === 0 ? 'good' : 'stalled'} />
          {text('wrong')}
        </dt>
        <dd className={wrong.length === 0 ? 'none' : ''}>
          {wrong.length === 0 ? text('wrongNothing') : wrong.join(text('comma'))}
        </dd>
        <dd className="lane-soft">
          {wrong.length === 0 ? text('wrongHint') : shownText(ailing.map(shortName).join(', '), 120)}
        </dd>
      </div>
    </dl>
  )
}
