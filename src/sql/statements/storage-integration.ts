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
import { boolean, checkedText, choice, text, texts } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionName, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'

const location = checkedText(
  (value) => value === '*' || /^(?:s3(gov|china)?|cloudwatch):\/\/[^/]/.test(value),
  "a location such as 's3://bucket/path/' or '*'",
)

const roleArn = checkedText(
  (value) => /^arn:[a-z-]+:iam::[^:]*:role\/./.test(value),
  "the ARN of a role, as 'arn:aws:iam::123456789012:role/name'",
)

/** Snowflake's manual, CREATE STORAGE INTEGRATION: what it says of S3. */
export const storageIntegrationOptions = optionTable({
  type: choice(['EXTERNAL_STAGE']),
  storageProvider: choice(['S3', 'S3GOV', 'S3CHINA']),
  enabled: boolean,
  storageAwsRoleArn: roleArn,
  storageAwsExternalId: text,
  storageAwsObjectAcl: choice(['bucket-owner-full-control'], {
    'BUCKET-OWNER-FULL-CONTROL': 'bucket-owner-full-control',
  }),
  storageAllowedLocations: texts(location),
  storageBlockedLocations: texts(location),
  usePrivatelinkEndpoint: boolean,
  comment: text,
})

type Values = ValuesOf<typeof storageIntegrationOptions>

export interface CreateStorageIntegration extends Creation {
  readonly kind: 'create-storage-integration'
  readonly options: Given<Values>
}

export interface AlterStorageIntegration extends Alteration<Change<Values>> {
  readonly kind: 'alter-storage-integration'
}

const needed = ['type', 'storageProvider', 'enabled', 'storageAwsRoleArn', 'storageAllowedLocations'] as const

function readAlter(reader: Reader): AlterStorageIntegration {
  const change = (inner: Reader) => readChange(inner, storageIntegrationOptions)
  return { kind: 'alter-storage-integration', ...readAlteration(reader, change) }
}

export const storageIntegration: StatementKind<CreateStorageIntegration | AlterStorageIntegration> = {
  begins: {
    'CREATE STORAGE INTEGRATION': (reader, head) => {
      const creation = readCreation(reader, head)
      const options = readOptions(reader, storageIntegrationOptions).values
      const missing = needed.filter((key) => options[key] === undefined).map(optionName)
      if (missing.length > 0) throw reader.unexpected(missing.join(', '))
      return { kind: 'create-storage-integration', ...creation, options }
    },
    'ALTER STORAGE INTEGRATION': readAlter,
    'ALTER INTEGRATION': readAlter,
  },
  print: {
    'create-storage-integration': (statement) =>
      printLines(
        printCreation('STORAGE INTEGRATION', statement),
        printOptions(storageIntegrationOptions, statement.options),
      ),
    'alter-storage-integration': (statement) =>
      printAlteration('STORAGE INTEGRATION', statement, (change) => printChange(storageIntegrationOptions, change)),
  },
}
