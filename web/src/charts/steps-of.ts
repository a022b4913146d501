import { fullNumber, shownMoment, shownText } from '../text/figures.ts'
import { type Drawing, nameOf } from './drawing.ts'
import type { Step } from './steps.tsx'
import { barsOf, linesOf, linksOf, weekOf } from './values.ts'

type Pick = (index: number) => void

const mostPoints = 500

/** What a drawn chart shows, in words. `onPick` gets the index of a bar, a slice or a link. */
export function stepsOf(drawing: Drawing, isSplit: boolean, onPick: Pick | undefined): Step[] {
  const { result, settings, language } = drawing
  const shown = (value: number): string => fullNumber(value, settings.unit, language)
  const picking = (index: number): (() => void) | undefined =>
    onPick === undefined
      ? undefined
      : () => {
          onPick(index)
        }
  switch (settings.type) {
    case 'sankey':
      return linksOf(result, settings).map(({ from, to, value }, index) => ({
        name: `${nameOf(drawing, from, 60)} → ${nameOf(drawing, to, 60)}`,
        value: shown(value),
        pick: picking(index),
      }))
    case 'heatmap':
      return weekOf(result, settings, drawing.zone === 'local')
        .filter(([, , value]) => value !== 0)
        .map(([hour, weekday, value]) => ({
          name: `${drawing.weekdays[weekday] ?? ''} ${String(hour).padStart(2, '0')}:00`,
          value: shown(value),
        }))
    case 'bar':
    case 'pie':
    case 'column':
      if (!isSplit)
        return barsOf(result, settings).map(({ key, value }, index) => ({
          name: nameOf(drawing, key, 120),
          value: shown(value),
          pick: picking(index),
        }))
      return points(drawing, shown)
    case 'line':
    case 'area':
    case 'stacked':
    case 'number':
    case 'table':
      return points(drawing, shown)
  }
}

function points(drawing: Drawing, shown: (value: number) => string): Step[] {
  const { series, isTime } = linesOf(drawing.result, drawing.settings)
  const places = series[0]?.points.slice(0, mostPoints) ?? []
  return places.map(([place], index) => ({
    name: isTime ? shownMoment(Number(place), drawing.zone) : shownText(String(place), 120),
    value: series
      .map(({ name, points: [...values] }) => {
        const value = shown(values[index]?.[1] ?? 0)
        return name === '' ? value : `${shownText(name, 40)} ${value}`
      })
      .join(', '),
  }))
}
