import { parse } from 'yaml'
import { z } from 'zod'
import { MillraceError, messageOf } from '../errors.ts'
import { type NamedQuery, chartTypes, parameterTypes } from './named-query.ts'
import { namesIn } from './fill.ts'

const frontMatterSchema = z.strictObject({
  title: z.string(),
  question: z.string(),
  ja: z.strictObject({ title: z.string(), question: z.string() }),
  source: z.string(),
  log_types: z.array(z.string()).min(1),
  counts: z.string().optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]*$/),
        type: z.enum(parameterTypes),
        doc: z.string(),
        default: z.coerce.string().optional(),
      }),
    )
    .default([]),
  chart: z
    .strictObject({
      type: z.enum(chartTypes),
      axis: z.string().optional(),
      measure: z.string().optional(),
      series: z.string().optional(),
    })
    .default({ type: 'table' }),
  sample: z.record(z.string(), z.string()),
  sample_parameters: z.record(z.string(), z.coerce.string()).default({}),
  expected: z.array(z.record(z.string(), z.unknown())),
})

/** Reads the text of a file in `src/queries/`: front matter as YAML in a first comment, then one statement. */
export function parseNamedQuery(name: string, text: string): NamedQuery {
  const match = /^\/\*---\n([\s\S]*?)\n---\*\/\n([\s\S]*)$/.exec(text)
  if (match === null) throw invalid(name, 'it does not begin with front matter between /*--- and ---*/')
  const [, yaml = '', sql = ''] = match
  const read = frontMatterSchema.safeParse(parseYaml(name, yaml))
  if (!read.success) throw invalid(name, z.prettifyError(read.error))
  const { log_types: logTypes, sample_parameters: sampleParameters, ...rest } = read.data
  const declared = new Set(rest.parameters.map((parameter) => parameter.name))
  const used = new Set(namesIn(sql))
  for (const found of used) if (!declared.has(found)) throw invalid(name, `$${found} is not among its parameters`)
  for (const known of declared) if (!used.has(known)) throw invalid(name, `its parameter ${known} is not used`)
  return { name, ...rest, logTypes, sampleParameters, sql: sql.trim().replace(/;$/, '') }
}

function parseYaml(name: string, yaml: string): unknown {
  try {
    return parse(yaml)
  } catch (error) {
    throw invalid(name, messageOf(error))
  }
}

function invalid(name: string, why: string): MillraceError {
  return new MillraceError('QUERY_INVALID', `The named query ${name} cannot be read: ${why}. Correct its file.`)
}
