import type { EChartsCoreOption } from 'echarts/core'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'
import {
  fullNumber,
  type Language,
  shortNumber,
  shownMoment,
  shownText,
  shownValue,
  type Zone,
} from '../text/figures.ts'
import { type Palette, seriesColour } from './palette.ts'
import { barsOf, type Lines, linesOf, linksOf, weekOf } from './values.ts'

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

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans JP", sans-serif'
const labelLength = 26

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

function tooltip({ palette }: Drawing): object {
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

function axisStyle({ palette }: Drawing): { label: object; line: object; split: object } {
  return {
    label: { color: palette.soft, fontSize: 11, hideOverlap: true },
    line: { lineStyle: { color: palette.line } },
    split: { lineStyle: { color: palette.line } },
  }
}

function valueAxis(drawing: Drawing): object {
  const style = axisStyle(drawing)
  const { settings, language } = drawing
  return {
    type: 'value',
    splitNumber: 4,
    axisLabel: { ...style.label, formatter: (value: number) => shortNumber(value, settings.unit, language) },
    splitLine: style.split,
  }
}

const plotArea = { left: 8, right: 14, top: 12, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' }

function nameOf(drawing: Drawing, key: unknown, most: number): string {
  const text = shownValue(key, drawing, most)
  return text === '' ? drawing.nothing : text
}

function barsOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language } = drawing
  const bars = barsOf(drawing.result, settings)
  const isHorizontal = settings.type === 'bar' && settings.orientation !== 'vertical'
  const style = axisStyle(drawing)
  const names = {
    type: 'category',
    data: bars.map((bar) => nameOf(drawing, bar.key, labelLength)),
    inverse: isHorizontal,
    axisLabel: { ...style.label, ...(isHorizontal ? {} : { rotate: bars.length > 6 ? 35 : 0 }) },
    axisLine: style.line,
    axisTick: { show: false },
  }
  const values = valueAxis(drawing)
  return {
    grid: plotArea,
    tooltip: {
      ...tooltip(drawing),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bar = bars[dataIndex]
        return bar === undefined
          ? ''
          : `${nameOf(drawing, bar.key, 120)}\n${fullNumber(bar.value, settings.unit, language)}`
      },
    },
    xAxis: isHorizontal ? values : names,
    yAxis: isHorizontal ? names : values,
    series: [
      {
        type: 'bar',
        data: bars.map((bar) => bar.value),
        itemStyle: { color: palette.accent, borderRadius: isHorizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
        barMaxWidth: 28,
        cursor: 'pointer',
      },
    ],
  }
}

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

function linesOption(drawing: Drawing): EChartsCoreOption {
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
      axisLabel: style.label,
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

function legend({ palette }: Drawing): object {
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

function pieOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language } = drawing
  const bars = barsOf(drawing.result, settings)
  return {
    tooltip: {
      ...tooltip(drawing),
      trigger: 'item',
      formatter: ({ dataIndex, percent }: { dataIndex: number; percent: number }) => {
        const bar = bars[dataIndex]
        if (bar === undefined) return ''
        return `${nameOf(drawing, bar.key, 120)}\n${fullNumber(bar.value, settings.unit, language)}  ${percent} %`
      },
    },
    legend: {
      ...legend(drawing),
      orient: 'vertical',
      left: '54%',
      top: 'middle',
      formatter: (name: string) => (name.length > 24 ? `${name.slice(0, 23)}…` : name),
    },
    series: [
      {
        type: 'pie',
        radius: ['48%', '78%'],
        center: ['27%', '50%'],
        label: { show: false },
        itemStyle: { borderColor: palette.surface, borderWidth: 2 },
        cursor: 'pointer',
        data: bars.map((bar, index) => ({
          // Names of a pie tell its slices apart, so they stay as different as the keys are.
          name: nameOf(drawing, bar.key, 200),
          value: bar.value,
          itemStyle: { color: seriesColour(String(bar.key), index, palette) },
        })),
      },
    ],
  }
}

function weekOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language, zone, weekdays } = drawing
  const cells = weekOf(drawing.result, settings, zone === 'local')
  // Coloured by rank: one hour far above the others would leave them all pale.
  const sorted = [...new Set(cells.map(([, , value]) => value))].toSorted((one, other) => one - other)
  const rank = new Map(sorted.map((value, index) => [value, sorted.length < 2 ? 0 : index / (sorted.length - 1)]))
  const style = axisStyle(drawing)
  return {
    grid: plotArea,
    tooltip: {
      ...tooltip(drawing),
      formatter: ({ value: [hour, weekday, , value] }: { value: [number, number, number, number] }) =>
        `${weekdays[weekday] ?? ''} ${String(hour).padStart(2, '0')}:00\n${fullNumber(value, settings.unit, language)}`,
    },
    xAxis: {
      type: 'category',
      data: Array.from({ length: 24 }, (_, hour) => String(hour)),
      axisLabel: { ...style.label, interval: 2 },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'category',
      data: [...weekdays],
      inverse: true,
      axisLabel: style.label,
      axisLine: { show: false },
      axisTick: { show: false },
    },
    visualMap: {
      show: false,
      dimension: 2,
      min: 0,
      max: 1,
      inRange: { color: [...palette.heat] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(([hour, weekday, value]) => [hour, weekday, value === 0 ? 0 : (rank.get(value) ?? 0), value]),
        itemStyle: { borderColor: palette.surface, borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: palette.accent } },
      },
    ],
  }
}

function sankeyOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language } = drawing
  const links = linksOf(drawing.result, settings)
  // Both ends can be the same address; a name for each side keeps the graph free of circles.
  const left = [...new Set(links.map((link) => nameOf(drawing, link.from, 200)))]
  const right = [...new Set(links.map((link) => nameOf(drawing, link.to, 200)))]
  const colour = new Map(
    left.map((name, index) => [name, palette.series[index % palette.series.length] ?? palette.accent]),
  )
  const label = {
    color: palette.text,
    fontSize: 11,
    formatter: ({ name }: { name: string }) => shownText(name.slice(2), 32),
  }
  return {
    tooltip: {
      ...tooltip(drawing),
      trigger: 'item',
      formatter: ({ name, value }: { name: string; value: number }) =>
        `${shownText(name.replace(/^[<>] /, '').replace(' > > ', ' → '), 160)}\n${fullNumber(value, settings.unit, language)}`,
    },
    series: [
      {
        type: 'sankey',
        left: 12,
        right: 12,
        top: 10,
        bottom: 10,
        nodeWidth: 10,
        nodeGap: Math.max(3, Math.min(14, 260 / Math.max(left.length, right.length))),
        draggable: false,
        cursor: 'pointer',
        emphasis: { focus: 'adjacency' },
        labelLayout: { hideOverlap: true },
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        data: [
          ...left.map((name) => ({
            name: `< ${name}`,
            itemStyle: { color: colour.get(name), borderWidth: 0 },
            label: { ...label, position: 'right' },
          })),
          ...right.map((name) => ({
            name: `> ${name}`,
            itemStyle: { color: palette.soft, borderWidth: 0 },
            label: { ...label, position: 'left' },
          })),
        ],
        links: links.map((link) => ({
          source: `< ${nameOf(drawing, link.from, 200)}`,
          target: `> ${nameOf(drawing, link.to, 200)}`,
          value: link.value,
        })),
      },
    ],
  }
}
