import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { type Translate, useChoices, useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { shownMoment, type Zone } from '../text/figures.ts'
import { presets, type Range, resolveRange, sqlTime } from './range.ts'

const unitKeys = { m: 'minutes', h: 'hours', d: 'days' } as const

/** A range in words. */
export function rangeName(range: Range, zone: Zone, now: number, text: Translate): string {
  const [, amount, unit] = /^-(\d+)([mhdw])$/.exec(range.from) ?? []
  if (range.to === 'now' && amount !== undefined && unit !== undefined) {
    if (range.from === '-52w') return text('last', { span: text('year1') })
    if (range.from === '-1h') return text('last', { span: text('hour1') })
    const key = unit === 'm' || unit === 'h' || unit === 'd' ? unitKeys[unit] : 'days'
    const count = unit === 'w' ? Number(amount) * 7 : Number(amount)
    return text('last', { span: text(key, { count }) })
  }
  const moments = resolveRange(range, now)
  return moments === undefined
    ? text('timeRange')
    : `${shownMoment(moments.from, zone)} – ${shownMoment(moments.to, zone)}`
}

interface RangePickerProps {
  readonly range: Range
  readonly now: number
  readonly onChange: (range: Range) => void
}

/** Chooses the time range of a dashboard: a preset, or from … to … in the chosen zone. */
export function RangePicker({ range, now, onChange }: RangePickerProps): ReactNode {
  const text = useText()
  const { zone } = useChoices()
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!isOpen) return
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
    }
  }, [isOpen])

  const choose = (chosen: Range): void => {
    onChange(chosen)
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }

  return (
    <div
      ref={box}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        setOpen(false)
        box.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => {
          setOpen(!isOpen)
        }}
      >
        <Icon name="clock" />
        <span className="range-name">{rangeName(range, zone, now, text)}</span>
      </button>
      {isOpen && (
        <div id={id} role="dialog" aria-label={text('timeRange')} className="menu-list range">
          <div className="presets">
            {presets.map((from) => (
              <button
                key={from}
                type="button"
                aria-pressed={range.from === from && range.to === 'now'}
                onClick={() => {
                  choose({ from, to: 'now' })
                }}
              >
                {rangeName({ from, to: 'now' }, zone, now, text)}
              </button>
            ))}
          </div>
          <Absolute range={range} now={now} onChange={choose} />
        </div>
      )}
    </div>
  )
}

/** What a `datetime-local` field holds, as a moment. */
function fieldMoment(value: string, zone: Zone): number {
  return Date.parse(zone === 'utc' ? `${value}Z` : value)
}

function Absolute({ range, now, onChange }: RangePickerProps): ReactNode {
  const text = useText()
  const { zone } = useChoices()
  const moments = resolveRange(range, now)
  const asField = (moment: number | undefined): string =>
    moment === undefined ? '' : shownMoment(moment, zone).replace(' ', 'T')
  const [from, setFrom] = useState(asField(moments?.from))
  const [to, setTo] = useState(asField(moments?.to))
  const [start, end] = [fieldMoment(from, zone), fieldMoment(to, zone)]
  const isValid = start < end
  return (
    <form
      className="absolute"
      onSubmit={(event) => {
        event.preventDefault()
        if (isValid) onChange({ from: sqlTime(start), to: sqlTime(end) })
      }}
    >
      <h3>
        {text('absolute')} <small>({text(zone)})</small>
      </h3>
      <label>
        {text('from')}
        <input
          type="datetime-local"
          value={from}
          onChange={(event) => {
            setFrom(event.target.value)
          }}
        />
      </label>
      <label>
        {text('to')}
        <input
          type="datetime-local"
          value={to}
          onChange={(event) => {
            setTo(event.target.value)
          }}
        />
      </label>
      {!isValid && <p role="alert">{text('rangeInvalid')}</p>}
      <button type="submit" className="primary" disabled={!isValid}>
        {text('apply')}
      </button>
    </form>
  )
}
