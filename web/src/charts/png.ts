import type { EChartsCoreOption } from 'echarts/core'

/** A chart as a PNG, twice as fine as on the screen. */
export async function chartPng(
  option: EChartsCoreOption,
  width: number,
  height: number,
  ground: string,
): Promise<Blob> {
  const { init } = await import('./echarts.ts')
  const box = document.createElement('div')
  const chart = init(box, undefined, { width, height, devicePixelRatio: 2 })
  chart.setOption({ ...option, animation: false, backgroundColor: ground })
  const canvas = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: ground })
  try {
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('The browser makes no PNG of this chart.'))
        else resolve(blob)
      })
    })
  } finally {
    chart.dispose()
  }
}
