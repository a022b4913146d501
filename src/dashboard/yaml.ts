import { Document, isMap, isSeq, parse } from 'yaml'
import { z } from 'zod'
import { MillraceError, messageOf } from '../errors.ts'
import { type Dashboard, dashboardShape } from './shape.ts'

/** The text of a dashboard's file: SQL as it was written, settings on one line each, so that a difference reads well. */
export function printDashboard(dashboard: Dashboard): string {
  const document = new Document(dashboard)
  const tiles = document.get('tiles')
  for (const tile of isSeq(tiles) ? tiles.items : []) {
    if (!isMap(tile)) continue
    for (const name of ['title', 'parameters', 'chart', 'at']) {
      const part = tile.get(name)
      if (isMap(part)) part.flow = true
    }
  }
  return document.toString({ lineWidth: 0, blockQuote: 'literal', flowCollectionPadding: true })
}

/** Reads the text of a dashboard's file. */
export function parseDashboard(name: string, text: string): Dashboard {
  const read = dashboardShape.safeParse(yamlOf(name, text))
  if (read.success) return read.data
  throw invalid(name, z.prettifyError(read.error).replaceAll(/\s+/g, ' '))
}

function yamlOf(name: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw invalid(name, messageOf(error).split('\n')[0] ?? '', error)
  }
}

function invalid(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'DASHBOARD_INVALID',
    `The dashboard ${name} cannot be read: ${why}. Correct or delete dashboards/${name}.yaml in the lake.`,
    cause,
  )
}
