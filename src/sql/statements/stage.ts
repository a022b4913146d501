import {
  type Alteration,
  type Change,
  type Rename,
  printAlteration,
  printChange,
  readAlteration,
  readChangeOrName,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import { fileFormat } from '../statement/file-format.ts'
import type { StatementKind } from '../statement/kind.ts'
import { printLiteral } from '../statement/literal.ts'
import { boolean, checkedText, choice, name, text } from '../statement/option-values.ts'
import {
  type Given,
  type Option,
  type OptionTable,
  type ValuesOf,
  optionTable,
  printOptions,
  readBracketed,
  readOptions,
} from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'

const url = checkedText(
  (value) =>
    /^s3(gov|china|compat)?:\/\/[^/]/.test(value) ||
    /^file:\/\/\/./.test(value) ||
    /^cloudwatch:\/\/[a-z\d-]+\/[\w.\-/#]{1,512}$/.test(value) ||
    /^firehose:\/\/[\w.-]+$/.test(value),
  "'s3://bucket/path/', 'file:///path/' for a folder of this machine, 'cloudwatch://region/log-group', or 'firehose://name' for what Firehose posts",
)

/** Snowflake's manual, CREATE STAGE, `DIRECTORY`. */
const directoryOptions = optionTable({ enable: boolean, autoRefresh: boolean, refreshOnCreate: boolean })

/** The same, `ENCRYPTION`, but for keys that the client would hold. */
const encryptionOptions = optionTable({
  type: choice(['AWS_SSE_S3', 'AWS_SSE_KMS', 'SNOWFLAKE_SSE', 'NONE']),
  kmsKeyId: text,
})

const noSecrets =
  'Millrace stores no secrets; name a STORAGE_INTEGRATION, or set the keys in the environment (AWS_PROFILE, …)'

function bracketed<V extends object>(table: OptionTable<V>): Option<Given<V>> {
  return {
    read: (reader, subject) => {
      const outer = reader.subject
      reader.subject = subject
      const { values } = readBracketed(reader, table, { refused: { MASTER_KEY: noSecrets } })
      reader.subject = outer
      return values
    },
    print: (values) => `(${printOptions(table, values).join(' ')})`,
  }
}

/** Snowflake's manual, CREATE STAGE; but for REQUESTER_PAYS, which is Millrace's: the caller pays for requests to a bucket whose owner does not. */
export const stageOptions = optionTable({
  url,
  endpoint: text,
  storageIntegration: name,
  awsAccessPointArn: text,
  requesterPays: boolean,
  usePrivatelinkEndpoint: boolean,
  encryption: bracketed(encryptionOptions),
  directory: bracketed(directoryOptions),
  fileFormat,
  comment: text,
})

const rules = {
  refused: {
    CREDENTIALS: noSecrets,
    COPY_OPTIONS: 'say them in COPY INTO or in the COPY of the pipe',
  },
}

type Values = ValuesOf<typeof stageOptions>

export interface CreateStage extends Creation {
  readonly kind: 'create-stage'
  readonly temporary: boolean
  readonly options: Given<Values>
}

export type StageChange = Change<Values> | Rename | { readonly action: 'refresh'; readonly subpath?: string }

export interface AlterStage extends Alteration<StageChange> {
  readonly kind: 'alter-stage'
}

function readStageChange(reader: Reader): StageChange {
  if (!reader.takeWords('REFRESH')) return readChangeOrName(reader, stageOptions, ['REFRESH'], rules)
  const { subpath } = readOptions(reader, optionTable({ subpath: text })).values
  return { action: 'refresh', ...(subpath === undefined ? {} : { subpath }) }
}

function printStageChange(change: StageChange): string {
  if (change.action !== 'refresh') return printChange(stageOptions, change)
  return change.subpath === undefined ? 'REFRESH' : `REFRESH SUBPATH = ${printLiteral(change.subpath)}`
}

export const stage: StatementKind<CreateStage | AlterStage> = {
  begins: {
    'CREATE STAGE': (reader, head) => {
      const creation = readCreation(reader, head, ['TEMPORARY'])
      const options = readOptions(reader, stageOptions, rules).values
      return { kind: 'create-stage', ...creation, temporary: head.modifiers.length > 0, options }
    },
    'ALTER STAGE': (reader) => ({ kind: 'alter-stage', ...readAlteration(reader, readStageChange) }),
  },
  print: {
    'create-stage': (statement) =>
      printLines(
        printCreation('STAGE', statement, statement.temporary ? ['TEMPORARY'] : []),
        printOptions(stageOptions, statement.options),
      ),
    'alter-stage': (statement) => printAlteration('STAGE', statement, printStageChange),
  },
}
