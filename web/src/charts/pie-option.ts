import type { EChartsCoreOption } from 'echarts/core'
import { fullNumber, shortNumber } from '../text/figures.ts'
import { type Drawing, legend, nameOf, tooltip } from './drawing.ts'
import { seriesColour } from './palette.ts'
import { barsOf } from './values.ts'

/** A ring, with its names and values beside it. */
export function pieOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language } = drawing
  const bars = barsOf(drawing.result, settings)
  const values = new Map(bars.map((bar) => [nameOf(drawing, bar.key, 200), bar.value]))
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
      formatter: (name: string) => {
        const value = values.get(name)
        const short = name.length > 24 ? `${name.slice(0, 23)}…` : name
        return value === undefined ? short : `${short}  ${shortNumber(value, settings.unit, language)}`
      },
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
