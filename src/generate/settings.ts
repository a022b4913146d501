import type { Layout } from './paths.ts'
import type { TimeWindow } from './rhythm.ts'

/** What to write. */
export interface GenerateOptions {
  type: 'vpc-flow-logs' | 's3-access-logs'
  /** Readable records in all; bad lines come on top. */
  rows: number
  /** At most as many as rows. */
  files: number
  /** A whole number; the same seed and options give the same bytes. */
  seed: number
  /** Flow log fields: 'default' (14), 'v5' (29), 'full' (54) or names with hyphens in the wanted order. */
  fields?: 'default' | 'v5' | 'full' | readonly string[]
  /** Gives every flow log file a field order of its own. */
  shuffleFields?: boolean
  /** 'gzip' by default for flow logs; 'plain' for access logs, which are never Parquet. */
  format?: 'gzip' | 'plain' | 'parquet'
  /** 'aws' by default; access logs know 'flat' and 'aws' only. */
  layout?: Layout
  /** 12 digits each. */
  accounts?: readonly string[]
  regions?: readonly string[]
  /** The moment (epoch seconds) before which every record ends; by default now, rounded down to five minutes. */
  end?: number
  /** Days before the end that the records span; 7 by default; may be a fraction. */
  days?: number
  /** Plants incidents where the rows allow it; true by default. */
  incidents?: boolean
  /** Share of access log rows that are hard to read, 0 to 1; 0.02 by default. */
  hardLines?: number
  /** Share of lines that cannot be read, 0 up to 1; 0 by default. */
  badLines?: number
  /** 0 to 9; 6 by default. */
  gzipLevel?: number
}

/** Options with every default filled in. */
export interface Settings extends Required<Omit<GenerateOptions, 'end' | 'days'>> {
  span: TimeWindow
}

/** Fills in the defaults and refuses what makes no sense. `now` is in epoch milliseconds. */
export function readSettings(options: GenerateOptions, now: number): Settings {
  const isFlow = options.type === 'vpc-flow-logs'
  const end = options.end ?? Math.floor(now / 300_000) * 300
  const days = options.days ?? 7
  const settings: Settings = {
    type: options.type,
    rows: options.rows,
    files: options.files,
    seed: options.seed,
    fields: options.fields ?? 'default',
    shuffleFields: options.shuffleFields ?? false,
    format: options.format ?? (isFlow ? 'gzip' : 'plain'),
    layout: options.layout ?? 'aws',
    accounts: options.accounts ?? ['111122223333', '012345678901'],
    regions: options.regions ?? ['us-east-1', 'eu-west-1'],
    incidents: options.incidents ?? true,
    hardLines: options.hardLines ?? 0.02,
    badLines: options.badLines ?? 0,
    gzipLevel: options.gzipLevel ?? 6,
    span: { from: Math.floor(end - days * 86_400), to: end },
  }
  const { rows, files, format } = settings
  mustHold(Number.isSafeInteger(files) && files >= 1, 'files must be a whole number of at least 1.')
  mustHold(
    Number.isSafeInteger(rows) && rows >= files,
    `rows must be a whole number and at least as many as files (${files}).`,
  )
  mustHold(Number.isSafeInteger(settings.seed) && settings.seed >= 0, 'seed must be a whole number from 0 to 2^53 - 1.')
  mustHold(
    Number.isSafeInteger(end) && settings.span.from >= 0,
    'end must be epoch seconds, and days must not reach back before 1970.',
  )
  mustHold(end - settings.span.from >= 60, 'days must span at least a minute.')
  mustHold(settings.hardLines >= 0 && settings.hardLines <= 1, 'hardLines must be a share from 0 to 1.')
  mustHold(settings.badLines >= 0 && settings.badLines < 1, 'badLines must be a share from 0 up to, not including, 1.')
  mustHold(
    Number.isInteger(settings.gzipLevel) && settings.gzipLevel >= 0 && settings.gzipLevel <= 9,
    'gzipLevel must be 0 to 9.',
  )
  mustHold(
    settings.accounts.length > 0 && settings.accounts.every((account) => /^\d{12}$/.test(account)),
    'accounts must be 12 digits each.',
  )
  mustHold(
    settings.regions.length > 0 && settings.regions.every((region) => /^[a-z]+(-[a-z]+)+-\d+$/.test(region)),
    'regions must be names such as us-east-1.',
  )
  mustHold(isFlow || format !== 'parquet', 'Access logs are text: choose the format plain or gzip.')
  mustHold(
    isFlow || settings.layout === 'flat' || settings.layout === 'aws',
    'Access logs have the layouts flat and aws only.',
  )
  mustHold(format !== 'parquet' || settings.badLines === 0, 'A Parquet file cannot hold bad lines: set badLines to 0.')
  return settings
}

function mustHold(holds: boolean, sentence: string): void {
  if (!holds) throw new RangeError(sentence)
}
