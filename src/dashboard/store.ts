import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { TextFolder } from '../text-folder/text-folder.ts'
import type { Dashboard, DashboardEntry, StoredDashboard } from './shape.ts'
import { parseDashboard, printDashboard } from './yaml.ts'
import { programFolder } from '../program.ts'

/** Dashboards of a lake: one YAML file each in its folder, before those that come with Millrace. */
export class DashboardStore {
  private readonly folder: TextFolder

  constructor(lakeDirectory: string) {
    this.folder = new TextFolder(join(lakeDirectory, 'dashboards'), {
      noun: 'dashboard',
      ending: '.yaml',
      builtIn: new URL('dashboards/', programFolder),
      missing: 'DASHBOARD_MISSING',
    })
  }

  /** Every dashboard, the built-in ones first. A file that cannot be read is listed with its fault. */
  async list(): Promise<DashboardEntry[]> {
    return Promise.all(
      (await this.folder.names()).map(async ({ name, isBuiltIn }): Promise<DashboardEntry> => {
        try {
          const { origin, dashboard } = await this.read(name)
          return { name, origin, title: dashboard.title }
        } catch (error) {
          return { name, origin: isBuiltIn ? 'changed' : 'lake', title: name, fault: messageOf(error) }
        }
      }),
    )
  }

  async read(name: string): Promise<StoredDashboard> {
    const { text, origin } = await this.folder.read(name)
    return { name, origin, dashboard: parseDashboard(name, text) }
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
