import type { EChartsCoreOption } from 'echarts/core'
import { shortNumber, shownMoment, shownText } from '../text/figures.ts'
import { axisStyle, type Drawing, legend, plotArea, tooltip, valueAxis } from './drawing.ts'
import { type Palette, seriesColour } from './palette.ts'
import { type Lines, linesOf } from './values.ts'

interface AxisPoint {
  readonly seriesIndex: number
  readonly value: readonly [number | string, number]
}

function linesTooltip(drawing: Drawing, { series, isTime }: Lines): object {
  const { settings, language, zone } = drawing
  const formatter = (points: readonly AxisPoint[]): string => {
    const place = points[0]?.value[0]
    const head = isTime && typeof place === 'number' ? shownMoment(place, zone) : shownText(String(place), 120)
    const lines = points.map((point) => {
      const name = series[point.seriesIndex]?.name ?? ''
      const value = shortNumber(point.value[1], settings.unit, language)
      return name === '' ? value : `${shownText(name, 60)}  ${value}`
    })
    return [head, ...lines].join('\n')
  }
  return {
    ...tooltip(drawing),
    trigger: 'axis',
    axisPointer: { type: 'line', lineStyle: { color: drawing.palette.soft } },
    formatter,
  }
}

/** Labels of a time axis, the same in every language. */
const timeLabels = {
  year: '{yyyy}',
  month: '{yyyy}-{MM}',
  day: '{MM}-{dd}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
}
/** Lines, areas and columns over an axis, one for each series. */
export function linesOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings } = drawing
  const lines = linesOf(drawing.result, settings)
  const style = axisStyle(drawing)
  const hasNames = lines.series.length > 1
  const isColumn = settings.type === 'column'
  // A time axis around one moment would show days in which nothing can be.
  const isSpan = lines.isTime && (lines.series[0]?.points.length ?? 0) > 1
  const isFilled = settings.type === 'area' || settings.type === 'stacked'
  return {
    grid: { ...plotArea, top: hasNames ? 34 : 12 },
    ...(hasNames ? { legend: legend(drawing) } : {}),
    tooltip: linesTooltip(drawing, lines),
    xAxis: {
      type: isSpan ? 'time' : 'category',
      axisLabel: { ...style.label, ...(isSpan ? { formatter: timeLabels } : {}) },
      axisLine: style.line,
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: valueAxis(drawing),
    ...(isSpan ? { brush: brush(palette) } : {}),
    series: lines.series.map(({ name, points }, index) => {
      const color = seriesColour(name, index, palette)
      return {
        type: isColumn ? 'bar' : 'line',
        name: name === '' ? drawing.nothing : shownText(name, 40),
        data:
          isSpan || !lines.isTime
            ? points
            : points.map(([at, value]) => [shownMoment(Number(at), drawing.zone), value]),
        ...(settings.type === 'stacked' || isColumn ? { stack: 'all' } : {}),
        ...(isFilled ? { areaStyle: { color, opacity: settings.type === 'stacked' ? 0.75 : 0.2 } } : {}),
        showSymbol: points.length < 3,
        lineStyle: { width: settings.type === 'stacked' ? 0.5 : 1.6, color },
        itemStyle: { color },
        barMaxWidth: 24,
        sampling: settings.type === 'line' ? 'lttb' : undefined,
        emphasis: { disabled: true },
      }
    }),
  }
}

function brush(palette: Palette): object {
  return {
    xAxisIndex: 0,
    brushStyle: { color: `${palette.accent}26`, borderColor: palette.accent, borderWidth: 1 },
    outOfBrush: { colorAlpha: 1 },
    toolbox: [],
  }
}
