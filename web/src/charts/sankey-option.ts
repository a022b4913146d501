import type { EChartsCoreOption } from 'echarts/core'
import { fullNumber, shownText } from '../text/figures.ts'
import { type Drawing, nameOf, tooltip } from './drawing.ts'
import { linksOf } from './values.ts'

/** On a page below this width two long names would meet. */
const narrow = 620

/** Links from the left side to the right, as wide as what goes over them. */
export function sankeyOption(drawing: Drawing): EChartsCoreOption {
  const { palette, settings, language } = drawing
  const links = linksOf(drawing.result, settings)
  // Both ends can be the same address; a name for each side keeps the graph free of circles.
  const left = [...new Set(links.map((link) => nameOf(drawing, link.from, 200)))]
  const right = [...new Set(links.map((link) => nameOf(drawing, link.to, 200)))]
  const colour = new Map(
    left.map((name, index) => [name, palette.series[index % palette.series.length] ?? palette.accent]),
  )
  const longest = globalThis.innerWidth < narrow ? 15 : 32
  const label = {
    color: palette.text,
    // Links pass behind the names.
    backgroundColor: `${palette.surface}d9`,
    padding: [1, 3],
    fontSize: 11,
    formatter: ({ name }: { name: string }) => shownText(name.slice(2), longest),
  }
  return {
    // It would be uncovered from the left anew with every refresh.
    animation: false,
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
