/** What a statement says of the names of its files. */
export interface Naming {
  /** What stands behind the stage's name. */
  readonly path: string
  readonly isSingle: boolean
  readonly isParted: boolean
  /** In the names of files, so that no two unloads have the same. */
  readonly queryId: string | undefined
  readonly extension: string
}

/** What all names of an unload begin with: Snowflake's manual, COPY INTO <location>, `path` and `INCLUDE_QUERY_ID`. */
export function nameStart({ path, isSingle, isParted, queryId }: Naming): string {
  if (isSingle) return path === '' || path.endsWith('/') ? `${path}data` : path
  const folder = path === '' || path.endsWith('/') ? path : isParted ? `${path}/` : undefined
  const id = queryId === undefined ? '' : `${queryId}_`
  if (folder !== undefined) return `${folder}data_${id}`
  return path.endsWith('_') ? `${path}${id}` : `${path}_${id}`
}

/** The path of a file beneath the stage, by its number within its folder. A NULL of PARTITION BY has a folder of its own. */
export function fileName(naming: Naming, folder: string | null | undefined, number: number): string {
  const start = nameStart(naming)
  if (naming.isSingle) return start
  const name = `${start}0_0_${number}${naming.extension}`
  if (folder === undefined || folder === '') return name
  const at = name.lastIndexOf('/') + 1
  return `${name.slice(0, at)}${folder ?? '_NULL_'}/${name.slice(at)}`
}
