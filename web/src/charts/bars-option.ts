import type { EChartsCoreOption } from 'echarts/core'
import { fullNumber } from '../text/figures.ts'
import { axisStyle, type Drawing, nameOf, plotArea, tooltip, valueAxis } from './drawing.ts'
import { barsOf } from './values.ts'

const labelLength = 26

/** Bars on a canvas: upright ones, and lying ones for an image. */
export function barsOption(drawing: Drawing): EChartsCoreOption {
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
