import { createHash } from 'node:crypto'
import type { CatalogObject } from '../../catalog/objects.ts'
import type { CagedFunction, ValueKind } from '../../cages/caged-function.ts'
import type { Dialect } from '../dialects.ts'
import { fold } from '../execution/names.ts'
import type { NamePart } from '../statement/name.ts'
import { type CreateFunction, isStrict } from '../statements/function.ts'

/** A value that a call gives: its name in the engine, and SQL that makes it of the text `$1` that comes out of the cage. */
export interface GivenValue {
  readonly name: string
  readonly type: string
  readonly cast: string
}

/** A function of JavaScript or Python, as statements call it. */
export interface CalledFunction {
  /** Tells it from other functions, and from what it was before. */
  readonly id: string
  /** The schema of the engine that it is in, and its name there. */
  readonly name: string
  readonly dialect: Dialect
  readonly definition: CagedFunction
  readonly argumentTypes: readonly string[]
  readonly values: readonly GivenValue[]
}

interface Type {
  readonly kind: ValueKind
  readonly cast: string
}

const integers = /^(INT|INTEGER|BIGINT|SMALLINT|TINYINT|BYTEINT)$/

/** How a value of a type crosses the border; undefined for a type that does not. */
function typeOf(type: string, dialect: Dialect): Type | undefined {
  const [, name = '', given] = /^([A-Z0-9_ ]+?)\s*(?:\(\s*([\d\s,]+)\))?$/.exec(type.trim().toUpperCase()) ?? []
  const [first, second = 0] = given === undefined ? [] : given.split(',').map(Number)
  if (/^(VARCHAR|STRING|TEXT|CHAR|CHARACTER|NCHAR|NVARCHAR|CHAR VARYING)$/.test(name)) {
    const most = first ?? (/^(N?CHAR|CHARACTER)$/.test(name) && dialect === 'snowflake' ? 1 : undefined)
    return { kind: 'text', cast: most === undefined ? '$1' : `logs.snowflake_text_within($1, ${most})` }
  }
  if (integers.test(name)) return { kind: 'integer', cast: 'cast($1 as bigint)' }
  if (name === 'HUGEINT') return { kind: 'integer', cast: 'cast($1 as hugeint)' }
  if (/^(NUMBER|DECIMAL|NUMERIC)$/.test(name)) {
    if (first === undefined && dialect === 'snowflake') return { kind: 'integer', cast: 'cast($1 as hugeint)' }
    const [precision, scale] = first === undefined ? [18, 3] : [first, second]
    return { kind: scale === 0 ? 'integer' : 'decimal', cast: `cast($1 as decimal(${precision}, ${scale}))` }
  }
  if (/^(FLOAT|FLOAT4|FLOAT8|DOUBLE|DOUBLE PRECISION|REAL)$/.test(name))
    return { kind: 'float', cast: 'cast($1 as double)' }
  if (name === 'BOOLEAN') return { kind: 'boolean', cast: 'cast($1 as boolean)' }
  if (name === 'DATE') return { kind: 'date', cast: 'cast($1 as date)' }
  if (/^(TIMESTAMP|TIMESTAMP_NTZ|DATETIME)$/.test(name)) return { kind: 'timestamp', cast: 'cast($1 as timestamp)' }
  if (/^(VARIANT|OBJECT|ARRAY|JSON)$/.test(name)) return { kind: 'variant', cast: 'cast($1 as json)' }
  return undefined
}

interface Place {
  readonly name: NamePart
  readonly type: string
}

function valuesOf({ returns, name }: CreateFunction): readonly Place[] {
  return returns.form === 'table'
    ? returns.columns
    : [{ name: name.at(-1) ?? { text: '', quoted: false }, type: returns.type }]
}

/** Why a function of JavaScript or Python cannot be one of a lake. */
export function whyNotCalled(definition: CreateFunction): string | undefined {
  const { options, arguments: list } = definition
  const [needed] = options.packages ?? []
  if (needed !== undefined)
    return `nothing is downloaded, so the package ${needed} is not there; functions have the standard library of their language, leave PACKAGES out`
  if (options.imports !== undefined && options.imports.length > 0)
    return `functions read no files, so ${options.imports[0]} is not imported; put its text into the body, and leave IMPORTS out`
  if (options.language === 'JAVASCRIPT' && options.handler !== undefined)
    return 'a function in JavaScript takes no HANDLER, its body is what is called; leave it out'
  const place = [...list, ...valuesOf(definition)].find(({ type }) => typeOf(type, 'snowflake') === undefined)
  return place === undefined
    ? undefined
    : `values of the type ${place.type} do not cross into ${options.language === 'PYTHON' ? 'Python' : 'JavaScript'}; take text for ${fold(place.name)}`
}

/** A function of the catalog as statements call it. */
export function calledFunction(object: CatalogObject, definition: CreateFunction, name: string): CalledFunction {
  const { options, arguments: list, returns, body } = definition
  const { dialect } = object
  const language = options.language === 'PYTHON' ? 'PYTHON' : 'JAVASCRIPT'
  const placeOf = ({ name: part, type }: Place): CagedFunction['columns'][number] => ({
    name: fold(part),
    kind: typeOf(type, dialect)?.kind ?? 'text',
  })
  const caged: CagedFunction = {
    language,
    name: object.name,
    code: body.text,
    handler: options.handler ?? '',
    isTable: returns.form === 'table',
    isStrict: isStrict(definition),
    arguments: list.map(placeOf),
    columns: valuesOf(definition).map(placeOf),
  }
  return {
    id: createHash('sha256').update(JSON.stringify(caged)).digest('hex'),
    name,
    dialect,
    definition: caged,
    argumentTypes: list.map(({ type }) => type),
    values: valuesOf(definition).map(({ name: part, type }) => ({
      name: part.quoted ? part.text : part.text.toLowerCase(),
      type,
      cast: typeOf(type, dialect)?.cast ?? '$1',
    })),
  }
}
