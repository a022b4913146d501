import type { StatementKind } from '../statement/kind.ts'
import { text } from '../statement/option-values.ts'
import { optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'
import { type StageLocation, printStageLocation, readStageLocation } from '../statement/stage-location.ts'

const options = optionTable({ pattern: text })

/** Objects of a stage: those whose path matches `pattern`, where there is one. */
export interface StagedObjects {
  readonly location: StageLocation
  /** A regular expression of Java's. */
  readonly pattern?: string
}

export interface List extends StagedObjects {
  readonly kind: 'list'
}

export interface Remove extends StagedObjects {
  readonly kind: 'remove'
}

function read(reader: Reader): StagedObjects {
  return { location: readStageLocation(reader), ...readOptions(reader, options).values }
}

function readList(reader: Reader): List {
  return { kind: 'list', ...read(reader) }
}

function readRemove(reader: Reader): Remove {
  return { kind: 'remove', ...read(reader) }
}

function print({ kind, location, ...values }: List | Remove): string {
  return [kind.toUpperCase(), printStageLocation(location), ...printOptions(options, values)].join(' ')
}

/** Snowflake's manual, LIST and REMOVE. */
export const list: StatementKind<List | Remove> = {
  begins: { LIST: readList, LS: readList, REMOVE: readRemove, RM: readRemove },
  print: { list: print, remove: print },
}
