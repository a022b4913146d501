import { printLines } from '../statement/create.ts'
import { fileFormat } from '../statement/file-format.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { boolean, choice, flag, integer } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Body, Reader } from '../statement/reader.ts'
import { type StageLocation, printStageLocation, readStageLocation } from '../statement/stage-location.ts'

/** Snowflake's manual, COPY INTO <location>. */
export const copyIntoStageOptions = optionTable({
  fileFormat,
  overwrite: boolean,
  single: boolean,
  maxFileSize: integer(1, 5_368_709_120),
  includeQueryId: boolean,
  detailedOutput: boolean,
  header: flag,
  validationMode: choice(['RETURN_ROWS']),
})

type Values = ValuesOf<typeof copyIntoStageOptions>

export type UnloadSource =
  | { readonly form: 'table'; readonly table: ObjectName }
  | { readonly form: 'query'; readonly query: Body }

export interface CopyIntoStage {
  readonly kind: 'copy-into-stage'
  readonly to: StageLocation
  readonly from: UnloadSource
  /** The expression behind PARTITION BY: its value is a folder of each row's file. */
  readonly partitionBy?: Body
  readonly options: Given<Values>
}

/** Reads on behind COPY INTO. */
export function readCopyIntoStage(reader: Reader): CopyIntoStage {
  const to = readStageLocation(reader)
  reader.expectWords('FROM')
  const from: UnloadSource = reader.isSymbol('(')
    ? { form: 'query', query: reader.parenthesised('a query') }
    : { form: 'table', table: readName(reader) }
  let partitionBy: Body | undefined
  const { values: options, tokens } = readOptions(reader, copyIntoStageOptions, {
    clauses: ['PARTITION BY'],
    clause: (inner) => {
      const token = inner.peek()
      if (!inner.takeWords('PARTITION', 'BY')) return false
      if (partitionBy !== undefined) throw inner.error(token, 'COPY INTO has PARTITION BY twice; give it once')
      partitionBy = inner.parenthesised('an expression in brackets behind PARTITION BY')
      return true
    },
  })
  const refuse = (key: keyof Values, message: string): never => {
    throw reader.error(tokens.get(key), message)
  }
  if (partitionBy !== undefined) {
    if (options.single === true) refuse('single', 'SINGLE = TRUE writes one file, PARTITION BY several; leave one out')
    if (options.overwrite === true)
      refuse(
        'overwrite',
        'PARTITION BY gives files names of their own, so OVERWRITE = TRUE replaces none; leave it out',
      )
    if (options.includeQueryId === false)
      refuse('includeQueryId', 'PARTITION BY always writes with INCLUDE_QUERY_ID = TRUE; leave the option out')
  }
  if (options.includeQueryId === true && (options.single === true || options.overwrite === true))
    refuse(
      'includeQueryId',
      'INCLUDE_QUERY_ID = TRUE is not for SINGLE = TRUE or OVERWRITE = TRUE, which mean one name; leave one out',
    )
  return { kind: 'copy-into-stage', to, from, ...(partitionBy === undefined ? {} : { partitionBy }), options }
}

export function printCopyIntoStage({ to, from, partitionBy, options }: CopyIntoStage): string {
  const source = from.form === 'table' ? printName(from.table) : `(${from.query.text})`
  return printLines(`COPY INTO ${printStageLocation(to)}`, [
    `FROM ${source}`,
    ...(partitionBy === undefined ? [] : [`PARTITION BY (${partitionBy.text})`]),
    ...printOptions(copyIntoStageOptions, options),
  ])
}
