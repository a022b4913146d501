import { type FSWatcher, watch } from 'node:fs'

/** Tells when something below a folder changes. Where the system cannot tell, the pipe goes on by listing. */
export function watchFolder(folder: string, changed: () => void, failed: (error: unknown) => void): () => void {
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(folder, { recursive: true, persistent: false }, changed)
    watcher.on('error', failed)
  } catch (error) {
    failed(error)
  }
  return () => {
    watcher?.close()
  }
}
