import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { namesIn, TextFolder, textOf } from '../text-folder/text-folder.ts'
import type { Dashboard, DashboardEntry, StoredDashboard } from './shape.ts'
import { parseDashboard, printDashboard } from './yaml.ts'

const builtInFolder = new URL('../dashboards/', import.meta.url)
const ending = '.yaml'

/** Dashboards of a lake: one YAML file each in its folder, before those that come with Millrace. */
export class DashboardStore {
  private readonly folder: TextFolder

  constructor(lakeDirectory: string) {
    this.folder = new TextFolder(join(lakeDirectory, 'dashboards'), {
      noun: 'dashboard',
      ending,
      missing: 'DASHBOARD_MISSING',
    })
  }

  /** Every dashboard, the built-in ones first. A file that cannot be read is listed with its fault. */
  async list(): Promise<DashboardEntry[]> {
    const [builtIn, own] = await Promise.all([namesIn(builtInFolder, ending), this.folder.names()])
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
    // In this order: the folder checks the name.
    const own = await this.folder.read(name)
    const builtIn = await textOf(new URL(name + ending, builtInFolder))
    const text = own ?? builtIn
    if (text === undefined) throw this.folder.missing(name)
    const changedOrOwn = builtIn === undefined ? 'lake' : 'changed'
    return { name, origin: own === undefined ? 'built-in' : changedOrOwn, dashboard: parseDashboard(name, text) }
  }

  /** Writes a dashboard's file as a whole. A built-in one gets a copy in the lake, which is shown from then on. */
  async write(name: string, dashboard: Dashboard): Promise<StoredDashboard> {
    await this.folder.write(name, printDashboard(dashboard))
    return this.read(name)
  }

  /** Deletes the lake's file; a built-in dashboard is then shown as shipped. */
  remove(name: string): Promise<void> {
    return this.folder.remove(name)
  }
}
