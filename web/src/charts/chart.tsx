import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'
import { type Translate, useChoices, useText } from '../app/choices.tsx'
import { fullNumber, type Language, numberOf, shortNumber, type Zone } from '../text/figures.ts'
import { Bars } from './bars.tsx'
import { chartColumns } from './columns.ts'
import type { Drawing } from './drawing.ts'
import { chartOption, isSplit } from './option.ts'
import { paletteOf } from './palette.ts'
import { Steps } from './steps.tsx'
import { stepsOf } from './steps-of.ts'
import { Table } from './table.tsx'
import { barsOf, linksOf } from './values.ts'

const Canvas = lazy(() => import('./canvas.tsx'))

/** A value of a column that was clicked. */
export interface Pick {
  readonly column: string
  readonly value: unknown
}

interface ChartProps {
  readonly result: Result
  readonly settings: ChartSettings
  readonly title: string
  readonly onPick?: ((pick: Pick) => void) | undefined
  readonly onBrush?: ((from: number, to: number) => void) | undefined
}

/** A figure below this is written out. */
const wholeBelow = 1e7

const typeKeys = {
  bar: 'bar',
  column: 'columnChart',
  line: 'line',
  area: 'area',
  stacked: 'stacked',
  pie: 'pie',
  number: 'number',
  table: 'table',
  heatmap: 'heatmap',
  sankey: 'sankey',
} as const

export function typeName(type: ChartSettings['type'], text: Translate): string {
  return text(typeKeys[type])
}

const weekdayKeys = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** What an option is made from, besides the colours. */
export function drawingOf(
  result: Result,
  settings: ChartSettings,
  { language, zone, isDark }: { readonly language: Language; readonly zone: Zone; readonly isDark: boolean },
  text: Translate,
): Drawing {
  return {
    result,
    settings,
    palette: paletteOf(isDark),
    language,
    zone,
    weekdays: weekdayKeys.map((key) => text(key)),
    nothing: text('nothing'),
  }
}

/** A result as its settings say. */
export function Chart({ result, settings, title, onPick, onBrush }: ChartProps): ReactNode {
  const text = useText()
  const { language, zone, isDark } = useChoices()
  const columns = chartColumns(result, settings)
  const label = text('chartOf', { type: typeName(settings.type, text), title, count: result.rows.length })
  const drawing = useMemo(
    () => drawingOf(result, settings, { language, zone, isDark }, text),
    [result, settings, language, zone, isDark, text],
  )
  const option = useMemo(() => chartOption(drawing), [drawing])
  if (settings.type === 'table') return <Table result={result} label={label} />
  if (columns.measure === -1) return <p className="tile-note">{text('sumOf')}</p>
  const axis = result.columns[columns.axis]?.name
  const pick = (column: string | undefined, value: unknown): void => {
    if (column !== undefined) onPick?.({ column, value })
  }
  if (settings.type === 'number') {
    const value = numberOf(result.rows[0]?.[columns.measure]) ?? 0
    return (
      <p className="figure" title={fullNumber(value, settings.unit, language)}>
        {settings.unit !== 'bytes' && Math.abs(value) < wholeBelow
          ? fullNumber(value, settings.unit, language)
          : shortNumber(value, settings.unit, language)}
      </p>
    )
  }
  if (settings.type === 'bar' && settings.orientation !== 'vertical')
    return (
      <Bars
        result={result}
        settings={settings}
        label={label}
        onPick={
          onPick === undefined
            ? undefined
            : (key) => {
                pick(axis, key)
              }
        }
      />
    )
  const onCanvasPick = (index: number, isNode: boolean): void => {
    if (settings.type === 'sankey') {
      const links = linksOf(result, settings)
      const left = [...new Set(links.map((link) => link.from))]
      const right = [...new Set(links.map((link) => link.to))]
      const to = result.columns.find(({ name }, at) => at !== columns.measure && name !== axis)?.name
      if (!isNode) pick(axis, links[index]?.from)
      else if (index < left.length) pick(axis, left[index])
      else pick(settings.series ?? to, right[index - left.length])
    } else if (settings.type !== 'column' || !isSplit(result, settings)) {
      const bar = barsOf(result, settings)[index]
      if (bar !== undefined) pick(axis, bar.key)
    }
  }
  const onStepPick = (index: number): void => {
    onCanvasPick(index, false)
  }
  const steps = stepsOf(drawing, isSplit(result, settings), onPick === undefined ? undefined : onStepPick)
  return (
    <Suspense fallback={<div className="skeleton" />}>
      <div className="drawn">
        <Canvas option={option} label={label} onPick={onCanvasPick} onBrush={onBrush} />
        <Steps steps={steps} label={title} />
      </div>
    </Suspense>
  )
}
