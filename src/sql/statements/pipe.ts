import {
  type Alteration,
  type Change,
  printAlteration,
  printChange,
  readAlteration,
  readChange,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { boolean, checkedText, name, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'
import { type CopyIntoTable, printCopyIntoTable, readCopyIntoTable } from './copy-into-table.ts'

const topicArn = checkedText(
  (value) => /^arn:[a-z-]+:sns:[^:]+:[^:]*:[^:]+$/.test(value),
  "the ARN of a topic, as 'arn:aws:sns:us-east-1:123456789012:name'",
)

const queue = checkedText(
  (value) => /^arn:[a-z-]+:sqs:[^:]+:[^:]*:[^:]+$/.test(value) || /^https?:\/\/[^/]/.test(value),
  "the ARN or URL of a queue, as 'arn:aws:sqs:us-east-1:123456789012:name'",
)

const day = String.raw`\d{4}-\d{2}-\d{2}`
const clock = String.raw`\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?`
const moment = new RegExp(`^${day}([T ]${clock}\\s*(Z|[+-]\\d{2}:?\\d{2})?)?$`)

function isMoment(value: string): boolean {
  return moment.test(value) && !Number.isNaN(Date.parse(value.slice(0, 10)))
}

const reconcile = checkedText(
  (value) => /^\d{1,6} *(s|m|h|seconds?|minutes?|hours?)$/i.test(value) && Number.parseInt(value, 10) > 0,
  "a time such as '10 seconds' or '15 minutes'",
)

const start = checkedText(
  (value) => /^(all|now)$/i.test(value) || isMoment(value),
  "'ALL', 'NOW' or a time such as '2026-11-20T12:00:00Z'",
)

/**
 * Snowflake's manual, CREATE PIPE. Millrace's own are `queue`, which events come from; `reconcile`, the time between two listings; and `start`: objects modified
 * earlier are left to REFRESH.
 */
export const pipeOptions = optionTable({
  autoIngest: boolean,
  awsSnsTopic: topicArn,
  queue,
  reconcile,
  start,
  integration: name,
  errorIntegration: name,
  comment: text,
})

/** Snowflake's manual, ALTER PIPE … SET. */
export const alterPipeOptions = optionTable({
  pipeExecutionPaused: boolean,
  queue,
  reconcile,
  errorIntegration: name,
  comment: text,
})

const refreshOptions = optionTable({
  prefix: text,
  modifiedAfter: checkedText(isMoment, "a time such as '2026-11-20T12:00:00Z'"),
})

export interface CreatePipe extends Creation {
  readonly kind: 'create-pipe'
  readonly options: Given<ValuesOf<typeof pipeOptions>>
  readonly copy: CopyIntoTable
}

export type PipeChange =
  | Change<ValuesOf<typeof alterPipeOptions>>
  | { readonly action: 'refresh'; readonly options: Given<ValuesOf<typeof refreshOptions>> }

export interface AlterPipe extends Alteration<PipeChange> {
  readonly kind: 'alter-pipe'
}

function readPipeChange(reader: Reader): PipeChange {
  if (reader.takeWords('REFRESH')) return { action: 'refresh', options: readOptions(reader, refreshOptions).values }
  return readChange(reader, alterPipeOptions, ['REFRESH'])
}

function printPipeChange(change: PipeChange): string {
  if (change.action !== 'refresh') return printChange(alterPipeOptions, change)
  return ['REFRESH', ...printOptions(refreshOptions, change.options)].join(' ')
}

export const pipe: StatementKind<CreatePipe | AlterPipe> = {
  begins: {
    'CREATE PIPE': (reader, head) => {
      const creation = readCreation(reader, head)
      const { values: options } = readOptions(reader, pipeOptions, {
        isEnd: (inner) => inner.isWord('AS'),
        clauses: ['AS COPY INTO'],
      })
      reader.expectWords('AS')
      reader.expectWords('COPY', 'INTO')
      return { kind: 'create-pipe', ...creation, options, copy: readCopyIntoTable(reader, true) }
    },
    'ALTER PIPE': (reader) => ({ kind: 'alter-pipe', ...readAlteration(reader, readPipeChange) }),
  },
  print: {
    'create-pipe': (statement) =>
      printLines(printCreation('PIPE', statement), [
        ...printOptions(pipeOptions, statement.options),
        `AS ${printCopyIntoTable(statement.copy)}`,
      ]),
    'alter-pipe': (statement) => printAlteration('PIPE', statement, printPipeChange),
  },
}
