import * as fc from 'fast-check'
import { identifier, literal } from '../../src/engines/duckdb.ts'

/** A value within an object; `undefined` where the key is missing. */
export type AnyValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue }

/** One row's object, as its keys and values. */
export type AnyObject = ReadonlyMap<string, AnyValue>

/** Some are the same but for case, some are hard to write; the first one is the loading's own. */
const keys = ['$other', 'bytes', 'Bytes', 'odd key', 'a.b', 'a/b~c', '*', `it's "so"`, '0', 'é', 'end', '$1'] as const

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }).filter((value) => !/[\ud800-\udfff\0]/.test(value)),
  fc.constantFrom(
    '',
    '12',
    ' 7.5 ',
    '-0.5',
    '1e2',
    '12x',
    '1_000',
    '99999999999999999999',
    'true',
    'null',
    '"',
    '\\n',
    "'",
  ),
)
const scalar: fc.Arbitrary<AnyValue> = fc.oneof(
  text,
  fc.integer(),
  fc.integer().map((whole) => whole / 2 + 0.25),
  fc.boolean(),
  fc.constant(null),
)
const value: fc.Arbitrary<AnyValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'Y z'), scalar, { maxKeys: 2 }) },
)

/** The objects of a table, with some of the keys: one has mostly one type, and sometimes another. */
export const anyObjects: fc.Arbitrary<readonly AnyObject[]> = fc
  .shuffledSubarray([...keys], { minLength: 1, maxLength: 4 })
  .chain((some) =>
    fc.array(
      fc.tuple(...some.map(() => value)).map((values) => objectOf(some, values)),
      { minLength: 1, maxLength: 5 },
    ),
  )

function objectOf(some: readonly string[], values: readonly AnyValue[]): AnyObject {
  return new Map(some.map((key, index) => [key, values[index]]))
}

function typeOf(one: AnyValue): string | undefined {
  if (one === null || one === undefined) return undefined
  if (typeof one === 'string') return 'VARCHAR'
  if (typeof one === 'boolean') return 'BOOLEAN'
  if (typeof one === 'number') return Number.isInteger(one) ? 'BIGINT' : 'DOUBLE'
  return 'JSON'
}

function sqlOf(one: AnyValue, type: string): string {
  if (one === undefined || typeOf(one) !== type) return 'null'
  return type === 'JSON'
    ? `${literal(JSON.stringify(one))}::json`
    : literal(typeof one === 'string' ? one : JSON.stringify(one))
}

/** The statement that stores objects as loading does, in a table with a column `record` and the number of the row. */
export function stored(table: string, objects: readonly AnyObject[]): string {
  const fields = new Map<string, string>()
  for (const object of objects)
    for (const [key, one] of object) {
      const type = typeOf(one)
      const isTaken = [...fields.keys(), '$other'].some((known) => known.toLowerCase() === key.toLowerCase())
      if (type !== undefined && !isTaken) fields.set(key, type)
    }
  const others = objects.map((object) =>
    [...object].filter(([key, one]) => one !== undefined && (fields.get(key) ?? '') !== typeOf(one)),
  )
  const hasOther = others.some((other) => other.length > 0)
  const shape = [...fields].map(([key, type]) => `${identifier(key)} ${type}`)
  // A struct has a field at least.
  const type = [...(shape.length === 0 ? ['nothing VARCHAR'] : shape), ...(hasOther ? ['"$other" JSON'] : [])].join(
    ', ',
  )
  const rows = objects.map((object, index) => {
    const values = [...fields].map(([key, kind]) => sqlOf(object.get(key), kind))
    const other =
      others[index]?.length === 0 ? 'null' : literal(JSON.stringify(Object.fromEntries(others[index] ?? [])))
    const all = [...(shape.length === 0 ? ['null'] : values), ...(hasOther ? [other] : [])]
    return `(${index}, row(${all.join(', ')})::struct(${type}))`
  })
  return `create or replace table ${table} as select * from (values ${rows.join(', ')}) as t(id, record)`
}
