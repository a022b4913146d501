import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'
import { type Language, shortNumber, shownValue, type Zone } from '../text/figures.ts'
import type { Palette } from './palette.ts'

/** What a chart is drawn from. */
export interface Drawing {
  readonly result: Result
  readonly settings: ChartSettings
  readonly palette: Palette
  readonly language: Language
  readonly zone: Zone
  readonly weekdays: readonly string[]
  readonly nothing: string
}
export const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans JP", sans-serif'

/** What appears beside the mouse. It is drawn too: no text of a log becomes HTML. */
export function tooltip({ palette }: Drawing): object {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: palette.text, fontFamily: font, fontSize: 12 },
    shadowBlur: 12,
    shadowColor: 'rgba(0,0,0,.15)',
  }
}
export function axisStyle({ palette }: Drawing): { label: object; line: object; split: object } {
  return {
    label: { color: palette.soft, fontSize: 11, hideOverlap: true },
    line: { lineStyle: { color: palette.line } },
    split: { lineStyle: { color: palette.line } },
  }
}

export function valueAxis(drawing: Drawing): object {
  const style = axisStyle(drawing)
  const { settings, language } = drawing
  return {
    type: 'value',
    splitNumber: 4,
    axisLabel: { ...style.label, formatter: (value: number) => shortNumber(value, settings.unit, language) },
    splitLine: style.split,
  }
}

export const plotArea = {
  left: 8,
  right: 14,
  top: 12,
  bottom: 6,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
}

export function nameOf(drawing: Drawing, key: unknown, most: number): string {
  const text = shownValue(key, drawing, most)
  return text === '' ? drawing.nothing : text
}
/** The names of series above a plot. */
export function legend({ palette }: Drawing): object {
  return {
    type: 'scroll',
    top: 4,
    left: 8,
    itemWidth: 10,
    itemHeight: 10,
    icon: 'roundRect',
    textStyle: { color: palette.soft, fontSize: 11 },
    pageIconColor: palette.soft,
    pageTextStyle: { color: palette.soft },
    selectedMode: false,
  }
}
