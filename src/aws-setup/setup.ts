import { parse } from 'yaml'
import { z } from 'zod'
import { isRegion } from '../aws/endpoints.ts'
import { MillraceError, messageOf } from '../errors.ts'
import { flowLogs } from './flow-log-form.ts'

const accountId = z.string().regex(/^\d{12}$/, 'must be the twelve digits of an account, in quotes')
/** `{account}` and `{region}` stand for those of the place. */
const bucketName = z.string().regex(/^(?:[a-z\d.-]|\{account\}|\{region\})+$/, 'must be a name of a bucket')
const queueName = z.string().regex(/^[\w-]{1,80}$/, 'must be 1 to 80 letters, digits, - and _: no FIFO queue')
const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'must be a name of a role')
const prefix = z
  .string()
  .max(900)
  .regex(/^(?!\/)[^*?"$\\]*$/, 'must not begin with / nor hold * ? " $ \\')
const days = z.int().min(0).max(36_500)

/** Colder classes than the usual one (API reference, Transition). */
const storageClasses = [
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const

/** What S3 would refuse when the bucket is there already (S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"). */
const lifecycle = z
  .strictObject({
    prefix: prefix.default(''),
    transitions: z.array(z.strictObject({ days, class: z.enum(storageClasses) })).default([]),
    expire_days: days.min(1).optional(),
  })
  .refine(
    ({ transitions }) => transitions.every((one) => one.days >= 30 || !/^(STANDARD|ONEZONE)_IA$/.test(one.class)),
    'must let objects be 30 days old before STANDARD_IA or ONEZONE_IA',
  )
  .refine(
    ({ transitions, expire_days: end = Infinity }) => transitions.every((one) => one.days < end),
    'must have expire_days larger than the days of every transition',
  )

const bucket = z.strictObject({
  name: bucketName.default('millrace-logs-{account}-{region}'),
  account: accountId.optional(),
  // An alias is no resource of a policy, and who delivers would look for it in an account of their own (API reference, ServerSideEncryptionByDefault).
  encryption: z
    .string()
    .regex(
      /^(?:AES256|arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\/.+)$/,
      'must be AES256 or the ARN of a KMS key, not of an alias',
    )
    .optional(),
  public_access_block: z.literal(true).optional(),
  lifecycle: lifecycle.optional(),
})

const delivery = z.strictObject({
  flow_logs: z.boolean().default(true),
  prefix: prefix.regex(/(?:^|\/)$/, 'must end with /').default(''),
  accounts: z.array(accountId).default([]),
  regions: z.array(z.string().refine(isRegion, 'must be a region')).default([]),
})

const queue = z.strictObject({
  name: queueName.optional(),
  dead_letter_queue: queueName.optional(),
  max_receives: z.int().min(1).max(1000).default(5),
  visibility_seconds: z.int().min(30).max(43_200).default(300),
  retention_days: z.int().min(1).max(13).default(4),
})

const events = z.strictObject({
  by: z.enum(['notification', 'eventbridge', 'none']).default('notification'),
  prefix: prefix.default(''),
})

const accessLogs = z.strictObject({
  buckets: z.union([z.literal('all'), z.array(bucketName).min(1)]),
  prefix: prefix.regex(/\/$/, 'must end with /').default('access-logs/'),
})

const reader = z.strictObject({
  role: roleName.optional(),
  trusts: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:(?:user|role|root)\b.*$/, 'must be the ARN of a user or a role'),
  external_id: z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits and _+=,.@:/-'),
  prefixes: z.array(prefix).optional(),
})

/** Days that CloudWatch Logs knows (API reference, PutRetentionPolicy). */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const

/** Where flow logs go that do not go to S3. */
const cloudWatch = z.strictObject({
  log_group: z
    .string()
    .regex(/^[\w.\-/#]{1,512}$/, 'must be a name of a log group')
    .optional(),
  retention_days: z.literal(retentionDays).optional(),
  role: roleName.optional(),
})

const form = z.strictObject({
  /** A hyphen is followed by a letter, so that no two names give the same Sids. */
  name: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z\d]*(?:-[a-z][a-z\d]*)*$/, 'must be small letters and digits, with hyphens before letters')
    .default('millrace'),
  bucket: bucket.prefault({}),
  delivery: delivery.prefault({}),
  queue: queue.prefault({}),
  events: events.prefault({}),
  flow_logs: flowLogs,
  cloud_watch: cloudWatch.prefault({}),
  access_logs: accessLogs.optional(),
  reader: reader.optional(),
})

/** What is wanted in an account, before any account is known. */
export type Setup = z.infer<typeof form>

/** A part of one, as flags give it: what is undefined is not said. */
export type GivenSetup = Readonly<Record<string, unknown>>

/** Reads a setup's file and what flags say, which wins. Throws SETTING_INVALID, naming the key. */
export function readSetup(
  file: { readonly path: string; readonly text: string } | undefined,
  flags: GivenSetup,
): Setup {
  const given = file === undefined ? {} : yamlOf(file.path, file.text)
  const read = form.safeParse(merged(given, flags))
  if (read.success) return read.data
  const [issue] = read.error.issues
  const key = issue?.path.join('.') ?? ''
  const what = issue?.code === 'unrecognized_keys' ? `has no key ${issue.keys.join(', ')}` : issue?.message
  const where = file === undefined ? 'the setup' : file.path
  throw new MillraceError('SETTING_INVALID', `${key === '' ? 'The setup' : key} in ${where} ${what ?? 'is not valid'}.`)
}

function yamlOf(path: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 }) ?? {}
  } catch (error) {
    const [first = ''] = messageOf(error).split('\n')
    throw new MillraceError(
      'SETTING_INVALID',
      `${path} is no YAML (${first.replace(/[:.]?$/, '')}). Correct it.`,
      error,
    )
  }
}

function merged(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isObject(base) || !isObject(over)) return over
  const result: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const one = merged(base[key], value)
    if (one !== undefined) result[key] = one
  }
  return result
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
