import type { ECharts, EChartsCoreOption } from 'echarts/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { init } from './echarts.ts'

export interface CanvasProps {
  readonly option: EChartsCoreOption
  readonly label: string
  /** Called with the index of what was clicked; of a Sankey, of the node or of the link. */
  readonly onPick?: ((index: number, isNode: boolean) => void) | undefined
  /** Called with a span of time that was drawn over a time axis. */
  readonly onBrush?: ((from: number, to: number) => void) | undefined
}

const stillMotion = '(prefers-reduced-motion: reduce)'

/** A chart on a canvas, as large as its box. */
export default function Canvas({ option, label, onPick, onBrush }: CanvasProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(undefined)
  const handlers = useRef({ onPick, onBrush })
  useEffect(() => {
    handlers.current = { onPick, onBrush }
  })

  useEffect(() => {
    if (box.current === null) return
    const made = init(box.current)
    chart.current = made
    made.on('click', (event) => {
      handlers.current.onPick?.(event.dataIndex, event.dataType === 'node')
    })
    made.on('brushEnd', (event) => {
      const span = spanOf(event)
      made.dispatchAction({ type: 'brush', areas: [] })
      if (span !== undefined) handlers.current.onBrush?.(span[0], span[1])
    })
    const observer = new ResizeObserver(() => {
      made.resize()
    })
    observer.observe(box.current)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])

  const canBrush = onBrush !== undefined && 'brush' in option
  useEffect(() => {
    const still = globalThis.matchMedia(stillMotion).matches ? { animation: false } : {}
    chart.current?.setOption({ ...option, ...still }, { notMerge: true })
    if (canBrush)
      chart.current?.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'brush',
        brushOption: { brushType: 'lineX', brushMode: 'single' },
      })
  }, [option, canBrush])

  return <div ref={box} className="canvas" role="img" aria-label={label} />
}

function spanOf(event: unknown): [number, number] | undefined {
  if (typeof event !== 'object' || event === null || !('areas' in event) || !Array.isArray(event.areas))
    return undefined
  const area: unknown = event.areas[0]
  if (typeof area !== 'object' || area === null || !('coordRange' in area)) return undefined
  const { coordRange } = area
  if (!Array.isArray(coordRange)) return undefined
  const from: unknown = coordRange[0]
  const to: unknown = coordRange[1]
  return typeof from === 'number' && typeof to === 'number' && to - from >= 1000 ? [from, to] : undefined
}
