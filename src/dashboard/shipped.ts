import { readFile, readdir } from 'node:fs/promises'
import { programFolder } from '../program.ts'
import { parseDashboard } from './yaml.ts'

const folder = new URL('dashboards/', programFolder)
let read: Promise<ReadonlySet<string>> | undefined

/** The statements of the dashboards that come with Millrace, without the white space around them. Read when first asked for. */
export function shippedStatements(): Promise<ReadonlySet<string>> {
  read ??= readAll()
  return read
}

async function readAll(): Promise<ReadonlySet<string>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
  const dashboards = await Promise.all(
    files.map(async (name) => parseDashboard(name, await readFile(new URL(name, folder), 'utf8'))),
  )
  return new Set(dashboards.flatMap(({ tiles }) => tiles.flatMap(({ sql }) => (sql === undefined ? [] : sql.trim()))))
}
