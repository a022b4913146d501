import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import { type Dashboard, type DashboardEntry, dashboardName, type StoredDashboard } from './shape.ts'
import { parseDashboard, printDashboard } from './yaml.ts'

const builtInFolder = new URL('../dashboards/', import.meta.url)
const ending = '.yaml'
const maxBytes = 1024 * 1024

/** Dashboards of a lake: one YAML file each in its folder, before those that come with Millrace. */
export class DashboardStore {
  private readonly folder: string

  constructor(lakeDirectory: string) {
    this.folder = join(lakeDirectory, 'dashboards')
  }

  /** Every dashboard, the built-in ones first. A file that cannot be read is listed with its fault. */
  async list(): Promise<DashboardEntry[]> {
    const [builtIn, own] = await Promise.all([namesIn(builtInFolder), namesIn(this.folder)])
    const names = [...builtIn, ...own.filter((name) => !builtIn.includes(name))]
    return Promise.all(
      names.map(async (name): Promise<DashboardEntry> => {
        try {
          const { origin, dashboard } = await this.read(name)
          return { name, origin, title: dashboard.title }
        } catch (error) {
          return { name, origin: builtIn.includes(name) ? 'changed' : 'lake', title: name, fault: messageOf(error) }
        }
      }),
    )
  }

  async read(name: string): Promise<StoredDashboard> {
    check(name)
    const [own, builtIn] = await Promise.all([
      textOf(join(this.folder, name + ending)),
      textOf(new URL(name + ending, builtInFolder)),
    ])
    const text = own ?? builtIn
    if (text === undefined) throw missing(name)
    const changedOrOwn = builtIn === undefined ? 'lake' : 'changed'
    return { name, origin: own === undefined ? 'built-in' : changedOrOwn, dashboard: parseDashboard(name, text) }
  }

  /** Writes a dashboard's file as a whole. A built-in one gets a copy in the lake, which is shown from then on. */
  async write(name: string, dashboard: Dashboard): Promise<StoredDashboard> {
    check(name)
    const text = printDashboard(dashboard)
    if (Buffer.byteLength(text) > maxBytes)
      throw new MillraceError('USAGE', `The dashboard ${name} is larger than ${maxBytes} bytes. Make two of it.`)
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const part = join(this.folder, `.${name}.${randomUUID()}.part`)
    try {
      await writeFile(part, text, { mode: 0o600, flag: 'wx' })
      await rename(part, join(this.folder, name + ending))
    } finally {
      await rm(part, { force: true })
    }
    return this.read(name)
  }

  /** Deletes the lake's file; a built-in dashboard is then shown as shipped. */
  async remove(name: string): Promise<void> {
    check(name)
    try {
      await rm(join(this.folder, name + ending))
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') throw missing(name)
      throw error
    }
  }
}

function check(name: string): void {
  const read = dashboardName.safeParse(name)
  if (!read.success)
    throw new MillraceError('USAGE', `${name} is no name of a dashboard: ${read.error.issues[0]?.message ?? ''}.`)
}

function missing(name: string): MillraceError {
  return new MillraceError('DASHBOARD_MISSING', `The lake holds no dashboard ${name}. See the list of dashboards.`)
}

async function namesIn(folder: URL | string): Promise<string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  })
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .filter((name) => dashboardName.safeParse(name).success)
    .toSorted()
}

async function textOf(file: URL | string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
