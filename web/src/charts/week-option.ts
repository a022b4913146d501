import type { EChartsCoreOption } from 'echarts/core'
import { fullNumber } from '../text/figures.ts'
import { axisStyle, type Drawing, plotArea, tooltip } from './drawing.ts'
import { weekOf } from './values.ts'

/** A week of hours. */
export function weekOption(drawing: Drawing): EChartsCoreOption {
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
