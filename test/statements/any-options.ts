import * as fc from 'fast-check'
import type { PipelineStatement } from '../../src/sql/statement/registry.ts'
import type { Schedule } from '../../src/sql/statement/schedule.ts'
import {
  anyCount,
  anyFormatReference,
  anyName,
  anyText,
  bodyOf,
  bool,
  type EachOption,
  given,
  kind,
  list,
} from './any-values.ts'

export type Of<K extends PipelineStatement['kind']> = Extract<PipelineStatement, { readonly kind: K }>
export type Options<K extends PipelineStatement['kind']> =
  Of<K> extends { readonly options: infer V } ? Required<V> : never
type Settings<K extends PipelineStatement['kind']> =
  Extract<Of<K> extends { readonly change: infer C } ? C : never, { readonly action: 'set' }> extends {
    readonly options: infer V
  }
    ? Required<V>
    : never

const s3Location = fc.constantFrom('s3://bucket/', 's3://bucket/a b/', 's3gov://b/x', "s3://it's/")
export const integration: EachOption<Options<'create-storage-integration'>> = {
  type: kind('EXTERNAL_STAGE'),
  storageProvider: fc.constantFrom('S3', 'S3GOV', 'S3CHINA'),
  enabled: bool,
  storageAwsRoleArn: fc.constantFrom('arn:aws:iam::123456789012:role/reader', 'arn:aws-us-gov:iam::1:role/a/b'),
  storageAwsExternalId: anyText,
  storageAwsObjectAcl: kind('bucket-owner-full-control'),
  storageAllowedLocations: list(fc.oneof(s3Location, kind('*'))),
  storageBlockedLocations: list(s3Location),
  usePrivatelinkEndpoint: bool,
  comment: anyText,
}

const size = fc.constantFrom(
  'XSMALL',
  'SMALL',
  'MEDIUM',
  'LARGE',
  'XLARGE',
  'XXLARGE',
  'XXXLARGE',
  'X4LARGE',
  'X5LARGE',
  'X6LARGE',
)
export const warehouse: EachOption<Options<'create-warehouse'>> = {
  warehouseType: fc.constantFrom('STANDARD', 'SNOWPARK-OPTIMIZED'),
  warehouseSize: size,
  generation: fc.constantFrom('1', '2'),
  resourceConstraint: fc.constantFrom('STANDARD_GEN_2', 'MEMORY_16X_X86'),
  maxClusterCount: fc.integer({ min: 1, max: 10 }),
  minClusterCount: fc.integer({ min: 1, max: 10 }),
  scalingPolicy: fc.constantFrom('STANDARD', 'ECONOMY'),
  autoSuspend: fc.option(anyCount),
  autoResume: bool,
  initiallySuspended: bool,
  resourceMonitor: anyName,
  enableQueryAcceleration: bool,
  queryAccelerationMaxScaleFactor: fc.integer({ min: 0, max: 100 }),
  maxConcurrencyLevel: fc.integer({ min: 1, max: 100 }),
  statementQueuedTimeoutInSeconds: anyCount,
  statementTimeoutInSeconds: anyCount,
  comment: anyText,
}

export const database: EachOption<Options<'create-database'>> = {
  dataRetentionTimeInDays: fc.integer({ min: 0, max: 90 }),
  maxDataExtensionTimeInDays: fc.integer({ min: 0, max: 90 }),
  defaultDdlCollation: anyText,
  comment: anyText,
}

export const stage: EachOption<Options<'create-stage'>> = {
  url: fc.oneof(s3Location, fc.constantFrom('file:///var/log/', 's3compat://b/')),
  endpoint: anyText,
  storageIntegration: anyName,
  awsAccessPointArn: anyText,
  requesterPays: bool,
  usePrivatelinkEndpoint: bool,
  encryption: given({ type: fc.constantFrom('AWS_SSE_S3', 'AWS_SSE_KMS', 'SNOWFLAKE_SSE', 'NONE'), kmsKeyId: anyText }),
  directory: given({ enable: bool, autoRefresh: bool, refreshOnCreate: bool }),
  fileFormat: anyFormatReference,
  comment: anyText,
}

const queue = fc.constantFrom('arn:aws:sqs:us-east-1:123456789012:q', 'https://sqs.us-east-1.amazonaws.com/1/q')
const reconcile = fc.constantFrom('10 seconds', '15 MINUTES', '1h')
export const pipe: EachOption<Options<'create-pipe'>> = {
  autoIngest: bool,
  awsSnsTopic: kind('arn:aws:sns:us-east-1:123456789012:t'),
  queue,
  reconcile,
  start: fc.constantFrom('ALL', 'now', '2026-11-20', '2026-11-20T12:00:00Z'),
  integration: anyName,
  errorIntegration: anyName,
  comment: anyText,
}
export const pipeSettings: EachOption<Settings<'alter-pipe'>> = {
  pipeExecutionPaused: bool,
  queue,
  reconcile,
  errorIntegration: anyName,
  comment: anyText,
}

export const stream: EachOption<Options<'create-stream'>> = {
  appendOnly: bool,
  showInitialRows: bool,
  comment: anyText,
}

const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({ every: fc.integer({ min: 1, max: 999 }), unit: fc.constantFrom('SECOND', 'MINUTE', 'HOUR') }),
  fc.record({
    cron: fc.constantFrom('0 9 * * *', '*/5 0-6 L JAN-MAR,12 MON'),
    zone: fc.constantFrom('UTC', 'Asia/Tokyo'),
  }),
)
export const task: EachOption<Options<'create-task'>> = {
  warehouse: anyName,
  userTaskManagedInitialWarehouseSize: size,
  schedule,
  config: anyText,
  allowOverlappingExecution: bool,
  overlapPolicy: fc.constantFrom('NO_OVERLAP', 'ALLOW_CHILD_OVERLAP', 'ALLOW_ALL_OVERLAP'),
  userTaskTimeoutMs: anyCount,
  suspendTaskAfterNumFailures: anyCount,
  taskAutoRetryAttempts: fc.integer({ min: 0, max: 30 }),
  userTaskMinimumTriggerIntervalInSeconds: fc.integer({ min: 10, max: 604_800 }),
  errorIntegration: anyName,
  finalize: anyName,
  comment: anyText,
}
export const block = kind('BEGIN if (a) then select 1; end if; select case when b then 2 end; END').map(bodyOf)
