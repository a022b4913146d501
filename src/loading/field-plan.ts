import type { Column, LogType } from '../log-type/log-type.ts'
import { columnName } from '../log-type/flow-header.ts'
import { MillraceError } from '../errors.ts'

/** Fields a format or a header may name, and tokens a line may have; the kernel's plan holds no more. */
export const MAX_FIELDS = 256

/** Codes that src/loading/kernels/values.ts gives to column kinds. */
const kindCodes = {
  text: 1,
  tag: 2,
  address: 3,
  enum: 4,
  integer: 5,
  bigint: 6,
  epoch: 7,
  'clf-time': 8,
  uri: 9,
} as const
const tokenCodes = { word: 0, bracketed: 1, quoted: 2 } as const

export function kindCode(column: Column): number {
  return kindCodes[column.kind]
}

/** One field of a line: the column it goes to (-1: `extra`), how it is read, and its name in `extra`. */
export interface PlannedField {
  readonly column: number
  readonly kind: number
  readonly token: number
  readonly name: string
}

/** How many of a line's fields must be there, and what each is. */
export interface FieldPlan {
  readonly fields: readonly PlannedField[]
  readonly least: number
}

/** The plan for lines whose fields stand in the order of these names. A name given twice counts once. */
export function planFields(type: LogType, names: readonly string[]): FieldPlan {
  const taken = new Set<number>()
  const extras = new Map<string, number>()
  /** Keys of `extra` differ: a repeated name is numbered. */
  const extraName = (name: string): string => {
    const count = (extras.get(name) ?? 0) + 1
    extras.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  }
  const fields = names.map((name): PlannedField => {
    const index = type.columns.findIndex(
      (column) => (column.field ?? column.name) === name || column.name === columnName(name),
    )
    const column = type.columns[index]
    if (column === undefined || column.decodedFrom !== undefined || taken.has(index))
      return { column: -1, kind: 0, token: 0, name: extraName(name) }
    taken.add(index)
    return { column: index, kind: kindCode(column), token: 0, name }
  })
  return { fields, least: fields.length }
}

/** The plan for a type whose tokens have one order. Quoted values at the end may be absent (the common log format). */
export function planLayout(
  type: LogType,
  tokens: readonly { readonly column: string; readonly token: keyof typeof tokenCodes }[],
): FieldPlan {
  const fields = tokens.map(({ column: name, token }): PlannedField => {
    const column = type.columns.findIndex((candidate) => candidate.name === name)
    const found = type.columns[column]
    if (found === undefined) throw new MillraceError('INTERNAL', `${type.name} has no column ${name}`)
    return { column, kind: kindCode(found), token: tokenCodes[token], name }
  })
  const lastBare = fields.findLastIndex((field) => field.token !== tokenCodes.quoted)
  return { fields, least: lastBare + 1 }
}

/** Field names of a declared format: `${version} ${account-id}`, or bare names between spaces or commas. */
export function readFormat(text: string): readonly string[] {
  const names = text
    .replaceAll(/\$\{([^}]*)\}/g, ' $1 ')
    .split(/[\s,]+/)
    .filter((name) => name !== '')
  const wrong = names.find((name) => !/^[a-z][a-z0-9_-]*$/i.test(name))
  if (names.length === 0 || names.length > MAX_FIELDS || wrong !== undefined) {
    const found = wrong === undefined ? `${names.length} names` : `"${wrong}"`
    throw new MillraceError(
      'FORMAT_INVALID',
      `The format must be 1 to 256 field names such as "version account-id srcaddr" or "\${version} \${srcaddr}"; found ${found}.`,
    )
  }
  return names.map((name) => name.toLowerCase())
}
