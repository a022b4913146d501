import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { isRegion } from './aws/endpoints.ts'
import { MillraceError } from './errors.ts'

const schema = z.strictObject({
  /** Bound of the engine's buffers, such as `512MB` or `4GB`. The process takes up to 500 MB more while it loads. */
  memory_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i, 'must be a size such as 512MB or 4GB')
    .optional(),
  /** Threads of the engine, and parsers at work beside it. */
  threads: z.int().min(1).max(256).optional(),
  /** Whether signatures, tokens and passwords in URIs are replaced by REDACTED before they are stored. */
  redact_secrets: z.boolean().optional(),
  /** How far back pipes look in keys that say their day, at each listing. */
  look_back_days: z.number().min(0).max(3650).optional(),
  /** How often pipes list everything, whatever day keys say. */
  whole_listing_hours: z.number().positive().max(8760).optional(),
  /** How late an event of a log group may come: pipes ask for so much again each time. */
  log_group_overlap_minutes: z.number().min(1).max(1440).optional(),
  /** How old events of a log group are when pipes ask for them a second time, which finds those that came later than that overlap. */
  log_group_second_look_hours: z.number().min(1).max(24).optional(),
  /** Requests that pipes send to CloudWatch Logs in a second, for each region; accounts have 5 or 10 in most. */
  log_group_requests_per_second: z.number().min(0.1).max(1000).optional(),
  /** Seconds that a batch of calls of a function in JavaScript or Python may take: at most 2048 calls. */
  function_seconds: z.number().positive().max(86_400).optional(),
  /** Megabytes that such functions may hold, for each language. */
  function_memory_mb: z.int().min(16).max(2048).optional(),
  /** Megabytes that one batch of calls may give. */
  function_output_mb: z.int().min(1).max(512).optional(),
  /** What Athena asks for a tebibyte scanned, in the currency of your bill. */
  athena_price_per_tib: z.number().min(0).max(1000).optional(),
  /** Where statements run on Athena: those of the page and the API, which do not offer it where it is not said, and of `query`. */
  athena: z
    .strictObject({
      database: z.string().min(1),
      workgroup: z.string().min(1),
      /** `s3://bucket/folder/`, where the workgroup does not say it. */
      results: z
        .string()
        .regex(/^s3:\/\/[^/]+\/(.*\/)?$/, 'must be a folder such as s3://my-results/athena/')
        .optional(),
      /** Of the environment or profile where it is not said. */
      region: z.string().refine(isRegion, 'must be a region such as eu-west-1').optional(),
    })
    .optional(),
})

/** A place on Athena, as settings name it. */
export type AthenaSettings = NonNullable<z.output<typeof schema>['athena']>

/** A lake's settings, all filled in. */
export interface Settings {
  readonly memoryLimit: string
  readonly threads: number
  readonly redactSecrets: boolean
  readonly lookBackDays: number
  readonly wholeListingHours: number
  readonly logGroupOverlapMinutes: number
  readonly logGroupSecondLookHours: number
  readonly logGroupRequestsPerSecond: number
  readonly functionSeconds: number
  readonly functionMemoryMb: number
  readonly functionOutputMb: number
  readonly athenaPricePerTib: number
  readonly athena: AthenaSettings | undefined
}

/** Settings given by the caller; they win over the environment, which wins over `settings.json`. */
export interface GivenSettings {
  readonly memoryLimit?: string | undefined
  readonly threads?: number | undefined
}

function readFile(file: string): unknown {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new MillraceError('SETTING_INVALID', `${file} is not JSON. Correct it or delete it.`, error)
  }
}

/** Reads `settings.json`, then `MILLRACE_MEMORY_LIMIT`, `MILLRACE_THREADS` and `MILLRACE_REDACT_SECRETS` (`on` or `off`). */
export function readSettings(file: string, given: GivenSettings, environment: NodeJS.ProcessEnv): Settings {
  const parsed = schema.safeParse(readFile(file))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new MillraceError(
      'SETTING_INVALID',
      `${file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}. Known settings: ${Object.keys(schema.shape).join(', ')}.`,
    )
  }
  const fromEnvironment = schema.safeParse({
    memory_limit: environment['MILLRACE_MEMORY_LIMIT'] || undefined,
    threads: environment['MILLRACE_THREADS'] ? Number(environment['MILLRACE_THREADS']) : undefined,
    redact_secrets: environment['MILLRACE_REDACT_SECRETS']
      ? environment['MILLRACE_REDACT_SECRETS'] !== 'off'
      : undefined,
  })
  if (!fromEnvironment.success) {
    const issue = fromEnvironment.error.issues[0]
    throw new MillraceError(
      'SETTING_INVALID',
      `MILLRACE_${issue?.path.join('_').toUpperCase() ?? ''} ${issue?.message ?? 'is not valid'}.`,
    )
  }
  const fromCaller = schema.safeParse({ memory_limit: given.memoryLimit, threads: given.threads })
  if (!fromCaller.success) {
    const issue = fromCaller.error.issues[0]
    throw new MillraceError(
      'SETTING_INVALID',
      `${issue?.path.join('_') ?? 'A setting'} ${issue?.message ?? 'is not valid'}.`,
    )
  }
  return {
    memoryLimit: given.memoryLimit ?? fromEnvironment.data.memory_limit ?? parsed.data.memory_limit ?? '320MB',
    threads: given.threads ?? fromEnvironment.data.threads ?? parsed.data.threads ?? availableParallelism(),
    redactSecrets: fromEnvironment.data.redact_secrets ?? parsed.data.redact_secrets ?? true,
    lookBackDays: parsed.data.look_back_days ?? 3,
    wholeListingHours: parsed.data.whole_listing_hours ?? 24,
    logGroupOverlapMinutes: parsed.data.log_group_overlap_minutes ?? 20,
    logGroupSecondLookHours: parsed.data.log_group_second_look_hours ?? 12,
    logGroupRequestsPerSecond: parsed.data.log_group_requests_per_second ?? 4,
    functionSeconds: parsed.data.function_seconds ?? 60,
    functionMemoryMb: parsed.data.function_memory_mb ?? 512,
    functionOutputMb: parsed.data.function_output_mb ?? 128,
    athenaPricePerTib: parsed.data.athena_price_per_tib ?? 5,
    athena: parsed.data.athena,
  }
}
