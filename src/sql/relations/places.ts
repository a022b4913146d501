import { builtInFunctions } from '../../catalog/log-tables.ts'
import type { LakeNames } from './lake-names.ts'
import type { Places } from './qualify.ts'

let builtIn: ReadonlySet<string> | undefined

/** Where names without a schema are found, in a schema of the engine. */
export function placesIn(names: Pick<LakeNames, 'columns' | 'functions'>, own: string): Places {
  builtIn ??= builtInFunctions()
  const known = builtIn
  return {
    relation: (name) => [own, 'logs'].find((place) => names.columns.get(place)?.has(name.toLowerCase())),
    function: (name) => {
      const lower = name.toLowerCase()
      return names.functions.get(own)?.has(lower) === true ? own : known.has(lower) ? 'logs' : undefined
    },
  }
}
