import type { OnChange } from '../api.ts'
import type { StageObject } from '../stages/stage.ts'
import type { KnownObject } from './history.ts'

/** What is to be done with one object. */
export interface PlannedObject {
  readonly object: StageObject
  /** `load` it; note that it changed and `hold` it; note that it is `archived`; or all of that is known, or it is loaded: `nothing`. */
  readonly action: 'load' | 'hold' | 'archived' | 'nothing'
  /** Versions whose rows this load takes the place of. */
  readonly replaces: readonly KnownObject[]
  /** Earlier attempts without rows, whose history this one takes the place of. */
  readonly retires: readonly KnownObject[]
}

export interface PlanOptions {
  readonly onChange: OnChange
  /** Loads again what is loaded: in place of its rows, or beside them. */
  readonly force: boolean | 'beside'
  /** Epoch milliseconds: [from, to). */
  readonly from: number | undefined
  readonly to: number | undefined
}

const holdsRows = (known: KnownObject): boolean =>
  known.status === 'loaded' || known.status === 'partial' || known.status === 'empty'

/**
 * What a stage lists minus what load history holds. Pure. Objects outside [from, to) are left out altogether.
 * An object is the same when URI and version are: neither its place in the listing nor its date counts. One whose bytes are archived is not asked for again
 * until it is listed otherwise.
 */
export function planLoad(
  objects: readonly StageObject[],
  known: ReadonlyMap<string, readonly KnownObject[]>,
  options: PlanOptions,
): PlannedObject[] {
  return objects
    .filter((object) => object.dateMs >= (options.from ?? -Infinity) && object.dateMs < (options.to ?? Infinity))
    .map((object) => planObject(object, known.get(object.uri) ?? [], options))
}

function planObject(object: StageObject, known: readonly KnownObject[], options: PlanOptions): PlannedObject {
  const withRows = known.filter(holdsRows)
  const changed = known.filter((entry) => entry.status === 'changed')
  const withoutRows = known.filter((entry) => !holdsRows(entry))
  if (options.force !== false)
    return { object, action: 'load', replaces: options.force === true ? withRows : [], retires: withoutRows }
  if (withRows.some((entry) => entry.isSameVersion)) return { object, action: 'nothing', replaces: [], retires: [] }
  if (withRows.length > 0 && options.onChange === 'hold') {
    const isHeld = changed.some((entry) => entry.isSameVersion)
    return { object, action: isHeld ? 'nothing' : 'hold', replaces: [], retires: changed }
  }
  if (object.archive !== undefined) {
    const isKnown = withoutRows.some(({ isSameVersion, code }) => isSameVersion && code === 'FILE_ARCHIVED')
    if (isKnown) return { object, action: 'nothing', replaces: [], retires: [] }
    if (object.archive.isCertain) return { object, action: 'archived', replaces: [], retires: withoutRows }
  }
  return { object, action: 'load', replaces: options.onChange === 'append' ? [] : withRows, retires: withoutRows }
}
