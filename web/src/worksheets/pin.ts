import type { ChartSettings, Dashboard, Text, Tile } from '../../../src/dashboard/shape.ts'
import { fileNameOf, freeName } from '../app/file-names.ts'
import type { Asked } from './history.ts'

/** A tile without title and place. */
type Content = Omit<Tile, 'id' | 'at' | 'title'>

const size = { w: 6, h: 7 }

function titleText(title: Text): string {
  return typeof title === 'string' ? title : title.en
}

/** A tile that asks what was run. */
export function tileOf(asked: Asked, chart: ChartSettings): Content {
  if ('sql' in asked)
    return { sql: asked.sql.trim(), ...(asked.dialect === 'duckdb' ? {} : { dialect: asked.dialect }), chart }
  const hasParameters = Object.keys(asked.parameters).length > 0
  return { query: asked.query, ...(hasParameters ? { parameters: asked.parameters } : {}), chart }
}

/** A dashboard with one more tile, below all others. */
export function withTileBelow(dashboard: Dashboard, content: Omit<Tile, 'id' | 'at'>): Dashboard {
  const { tiles } = dashboard
  const id = freeName(
    fileNameOf(titleText(content.title), 'tile'),
    tiles.map((tile) => tile.id),
  )
  const y = Math.max(0, ...tiles.map(({ at }) => at.y + at.h))
  return { ...dashboard, tiles: [...tiles, { ...content, id, at: { x: 0, y, ...size } }] }
}
