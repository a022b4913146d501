import { type ReactNode, useMemo } from 'react'
import type { ChartSettings } from '../../../../src/dashboard/shape.ts'
import type { Result } from '../../api/query.ts'
import { Boundary } from '../../app/boundary.tsx'
import { Chart } from '../../charts/chart.tsx'
import { ChartForm } from '../../tiles/chart-form.tsx'
import { TileFault } from '../../tiles/tile-fault.tsx'
import type { Coming } from './read-result.ts'

/** Rows that are drawn; a tile draws as many. */
export const mostDrawn = 10_000

interface ResultChartProps {
  readonly coming: Coming
  readonly settings: ChartSettings
  readonly title: string
  readonly onSettings: (settings: ChartSettings) => void
}

/** A result as a chart, beside how it is drawn. */
export function ResultChart({ coming, settings, title, onSettings }: ResultChartProps): ReactNode {
  const { head, rows } = coming
  const result = useMemo(
    (): Result => ({ ...head, rows: rows.first(mostDrawn), truncated: false, views: [], unfiltered: [] }),
    [head, rows],
  )
  return (
    <div className="result-chart">
      <div className="result-drawing">
        <Boundary of={settings} fallback={(message) => <TileFault message={message} />}>
          <Chart result={result} settings={settings} title={title} />
        </Boundary>
      </div>
      <div className="result-settings">
        <ChartForm result={head} settings={settings} onChange={onSettings} />
      </div>
    </div>
  )
}
