import type { EChartsCoreOption } from 'echarts/core'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'
import { barsOption } from './bars-option.ts'
import { type Drawing, font } from './drawing.ts'
import { linesOption } from './lines-option.ts'
import { pieOption } from './pie-option.ts'
import { sankeyOption } from './sankey-option.ts'
import { linesOf } from './values.ts'
import { weekOption } from './week-option.ts'

/** The option of a chart that a canvas draws. Tooltips are drawn too: no text of a log becomes HTML. */
export function chartOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings } = drawing
  const base = {
    textStyle: { fontFamily: font, color: palette.text },
    useUTC: drawing.zone === 'utc',
    aria: { enabled: false },
    animationDuration: 250,
    animationDurationUpdate: 250,
  }
  switch (settings.type) {
    case 'line':
    case 'area':
    case 'stacked':
      return { ...base, ...linesOption(drawing) }
    case 'pie':
      return { ...base, ...pieOption(drawing) }
    case 'heatmap':
      return { ...base, ...weekOption(drawing) }
    case 'sankey':
      return { ...base, ...sankeyOption(drawing) }
    case 'column':
      return { ...base, ...(isSplit(drawing.result, settings) ? linesOption(drawing) : barsOption(drawing)) }
    case 'bar':
    case 'number':
    case 'table':
      return { ...base, ...barsOption(drawing) }
  }
}

/** True for columns over time, or in series. */
export function isSplit(result: Result, settings: ChartSettings): boolean {
  return settings.series !== undefined || linesOf(result, settings).isTime
}
