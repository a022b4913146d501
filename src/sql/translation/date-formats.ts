import { type Context, refused } from './context.ts'
import { call, textLiteral } from './expressions.ts'
import { contentOf } from './tree.ts'

/** The functions of Trino's that take a format of MySQL's, and what takes the engine's. */
const functions: Readonly<Record<string, string>> = { date_format: 'trino_date_text', date_parse: 'trino_date_of' }

/** Parts of a format in Trino, as the engine writes them (Trino's manual, "MySQL date functions"). */
const parts: Readonly<Record<string, string>> = {
  ...Object.fromEntries('a b d f H I j m p S Y y %'.split(' ').map((letter) => [letter, `%${letter}`])),
  c: '%-m',
  e: '%-d',
  h: '%I',
  i: '%M',
  k: '%-H',
  l: '%-I',
  M: '%B',
  r: '%I:%M:%S %p',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
}

/** A call with a format as one of the engine; undefined for any other. Throws for formats that are not known, and for those that are computed. */
export function dateFormatted(name: string, given: readonly unknown[], context: Context): unknown {
  const own = functions[name]
  const [value, format] = given
  if (own === undefined || context.dialect === 'snowflake' || given.length !== 2) return undefined
  const text = contentOf(format, 'literal')?.['value']
  if (typeof text !== 'string')
    throw refused(context, `${name} takes a format that is written out, as in ${name}(…, '%Y-%m-%d')`)
  const engines = text.replaceAll(/%(.?)/gs, (part, letter: string) => {
    const known = parts[letter]
    if (known === undefined) throw refused(context, `${part} in the format of ${name} is not known`)
    return known
  })
  return call(own, context.rewrite(value, context), textLiteral(engines))
}
