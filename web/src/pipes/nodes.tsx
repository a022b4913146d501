import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, shortNumber, shownMoment, shownText } from '../text/figures.ts'
import type { PipeDetails, StageEntry } from './api.ts'
import { type Lane, type Passage, queueName, shortName, sourceOf } from './lanes.ts'
import { Shape } from './shape.tsx'
import { shownInterval } from './span.ts'
import { usePipeText } from './use-pipe-text.ts'

interface NodeProps {
  readonly place: 'stage' | 'queue' | 'pipe' | 'table'
  readonly shape?: 'folder' | 'listing'
  /** What comes over from the station before. */
  readonly passage?: Passage | undefined
  readonly isAbsent?: boolean
  readonly children: ReactNode
}

/** A station of the way. */
export function Node({ place, shape, passage, isAbsent = false, children }: NodeProps): ReactNode {
  const text = usePipeText()
  return (
    <li className={`lane-node ${place}${isAbsent ? ' absent' : ''}`} data-passage={passage}>
      <p className="lane-kind">
        <Shape name={shape ?? place} />
        <span>{text(place)}</span>
      </p>
      {children}
    </li>
  )
}

interface FiguresProps {
  /** A number of zero is said softly. */
  readonly of: readonly {
    readonly label: string
    readonly value: ReactNode
    readonly tone?: 'none' | 'warn' | undefined
  }[]
}

/** Numbers under each other's names. */
export function Figures({ of }: FiguresProps): ReactNode {
  return (
    <dl className="lane-figures">
      {of.map(({ label, value, tone = '' }) => (
        <div key={label} className={tone}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Longer numbers would not fit. */
const mostWhole = 1e7

/** A figure of a count. */
export function useFigure(): (label: string, count: number | null) => FiguresProps['of'][number] {
  const { language } = useChoices()
  return (label, count) => {
    if (count === null) return { label, value: '–', tone: 'none' }
    const whole = fullNumber(count, undefined, language)
    const short = <span title={whole}>{shortNumber(count, undefined, language)}</span>
    return { label, value: count < mostWhole ? whole : short, tone: count === 0 ? 'none' : undefined }
  }
}

/** A name of others, cut where it is long; the whole is told on pointing at it, and in the details. */
export function Name({
  name,
  className = 'lane-name',
}: {
  readonly name: string
  readonly className?: string
}): ReactNode {
  return (
    <p className={className} title={shownText(name, 2000)}>
      <bdi>{shownText(shortName(name))}</bdi>
    </p>
  )
}

interface StageNodeProps {
  readonly name: string
  readonly stage: StageEntry | undefined
  /** What names begin with, where a pipe says more than its stage. */
  readonly location: string | null
  readonly isGone: boolean
}

export function StageNode({ name, stage, location, isGone }: StageNodeProps): ReactNode {
  const text = usePipeText()
  const url = location ?? stage?.url
  return (
    <Node place="stage" {...(url?.startsWith('file:') === true ? { shape: 'folder' } : {})} isAbsent={isGone}>
      <Name name={name} />
      {url !== undefined && (
        <p className="lane-url" title={shownText(url, 2000)}>
          <bdi>{shownText(url)}</bdi>
        </p>
      )}
      {isGone && <p className="lane-bad">{text('stageGone')}</p>}
      {stage?.integration != null && (
        <p className="lane-soft">{text('throughIntegration', { name: shownText(stage.integration, 80) })}</p>
      )}
      {stage?.endpoint != null && (
        <p className="lane-soft">{text('atEndpoint', { url: shownText(stage.endpoint, 80) })}</p>
      )}
    </Node>
  )
}

const absenceTexts = { folder: 'byFolder', listing: 'byListing', refresh: 'byRefresh', unknown: 'byUnknown' } as const

export function QueueNode({
  pipe,
  sharing,
  passage,
}: Pick<Lane, 'pipe' | 'sharing'> & { readonly passage: Passage }): ReactNode {
  const text = usePipeText()
  const figure = useFigure()
  const { language } = useChoices()
  const { queue, queue_messages, queue_messages_in_hand, reconcile_seconds } = pipe
  const span = reconcile_seconds === null ? '–' : shownInterval(reconcile_seconds, language)
  const source = sourceOf(pipe)
  if (queue === null || source !== 'queue')
    return (
      <Node place="queue" shape="listing" passage={passage} isAbsent>
        <p className="lane-name">{text('noQueue')}</p>
        <p className="lane-soft">{text(absenceTexts[source === 'queue' ? 'unknown' : source], { span })}</p>
      </Node>
    )
  return (
    <Node place="queue" passage={passage}>
      <Name name={queueName(queue)} />
      {queue_messages === null ? (
        <p className="lane-bad">{text('queueSilent')}</p>
      ) : (
        <Figures of={[figure(text('waiting'), queue_messages), figure(text('inHand'), queue_messages_in_hand)]} />
      )}
      <p className="lane-soft">
        {[
          text('listsToo', { span }),
          ...(sharing.length > 0
            ? [text('sharedBy', { count: fullNumber(sharing.length + 1, undefined, language) })]
            : []),
        ].join(text('comma'))}
      </p>
    </Node>
  )
}

interface TableNodeProps {
  readonly pipe: PipeDetails
  readonly rate: number | undefined
  readonly passage: Passage
}

export function TableNode({ pipe, rate, passage }: TableNodeProps): ReactNode {
  const text = usePipeText()
  const figure = useFigure()
  const { zone } = useChoices()
  const { table_name, rows, files, last_loaded_at } = pipe
  return (
    <Node place="table" passage={passage}>
      <Name name={table_name} />
      <Figures of={[figure(text('rows'), rows), figure(text('files'), files), figure(text('aMinute'), rate ?? null)]} />
      <p className="lane-soft">
        {last_loaded_at === null
          ? text('lastLoadedNever')
          : text('lastLoaded', { time: shownMoment(Date.parse(last_loaded_at), zone, true) })}
      </p>
    </Node>
  )
}
