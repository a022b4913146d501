import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { basename, join } from 'node:path'
import { isLogName } from '../stages/object-path.ts'

/** Whom a watch tells. */
export interface WatchRoutes {
  /** A file or folder may have changed, come or gone. */
  readonly changed: (path: string) => void
  /** The folder itself may be another one. */
  readonly lost: () => void
  readonly failed: (error: unknown) => void
}

interface Watched {
  readonly watcher: FSWatcher
  /** Tells a folder from another one of its name. */
  readonly identity: string
}

/**
 * Tells what changes below a folder, by one watch for each folder in it: Node's own recursion takes one for each file, of which systems allow some ten thousand.
 * Hidden folders, which hold no logs, are left out.
 */
export class FolderWatch {
  private readonly root: string
  /** Folders that are left out, by their real paths. */
  private readonly without: string
  private readonly routes: WatchRoutes
  private readonly watched = new Map<string, Watched>()
  private failures = 0

  constructor(root: string, without: string, routes: WatchRoutes) {
    this.root = root
    this.without = without
    this.routes = routes
  }

  /** False where changes in some folder are not told: then only listing finds them. */
  get isComplete(): boolean {
    return this.watched.size > 0 && this.failures === 0
  }

  /** Watches all folders that are there. To be called before they are listed: what comes later is told. */
  renew(): void {
    this.failures = 0
    const left = new Set(this.watched.keys())
    for (const folder of foldersBelow(this.root, this.without)) {
      left.delete(folder)
      this.watch(folder)
    }
    for (const folder of left) this.forget(folder)
  }

  /** Watches what is new at a path that was told of, and forgets what is gone. */
  renewAt(path: string): void {
    for (const folder of this.watched.keys()) if (folder === path || folder.startsWith(`${path}/`)) this.forget(folder)
    if (isLogName(basename(path))) for (const folder of foldersBelow(path, this.without)) this.watch(folder)
  }

  close(): void {
    for (const folder of [...this.watched.keys()]) this.forget(folder)
  }

  private watch(folder: string): void {
    const identity = identityOf(folder)
    if (identity === undefined || this.watched.get(folder)?.identity === identity) return
    this.forget(folder)
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        this.tell(folder, name)
      })
      watcher.on('error', (error) => {
        this.fail(folder, error)
      })
      this.watched.set(folder, { watcher, identity })
    } catch (error) {
      this.fail(folder, error)
    }
  }

  private tell(folder: string, name: string | null): void {
    // A folder that is moved or deleted tells so by its own name.
    if (folder === this.root && (name === null || name === basename(folder))) this.routes.lost()
    this.routes.changed(name === null ? folder : join(folder, name))
  }

  private fail(folder: string, error: unknown): void {
    this.forget(folder)
    this.failures++
    // Once: where one folder cannot be watched, others cannot either.
    if (this.failures === 1) this.routes.failed(error)
  }

  private forget(folder: string): void {
    this.watched.get(folder)?.watcher.close()
    this.watched.delete(folder)
  }
}

function* foldersBelow(root: string, without: string): Generator<string> {
  const waiting = [root]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folder === without) continue
    let entries
    try {
      entries = readdirSync(folder, { withFileTypes: true })
    } catch {
      // It is gone, a file, or may not be read, which listing tells.
      continue
    }
    yield folder
    for (const entry of entries)
      if (entry.isDirectory() && isLogName(entry.name)) waiting.push(join(folder, entry.name))
  }
}

function identityOf(folder: string): string | undefined {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? undefined : `${stats.dev} ${stats.ino} ${stats.birthtimeNs}`
}
