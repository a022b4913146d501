import { type Command, InvalidArgumentError, Option } from 'commander'

/** How results are written. */
export type OutputFormat = 'table' | 'json' | 'csv'

/** What every verb takes. */
export interface GlobalFlags {
  readonly lake: string
  readonly output: OutputFormat
  readonly quiet?: true
  readonly verbose?: true
}

const defaultLake = './millrace-lake'

/** Adds the flags that every verb takes. */
export function addGlobalFlags(program: Command): void {
  program
    .addOption(new Option('--lake <dir>', 'directory of the lake').env('MILLRACE_LAKE').default(defaultLake))
    .addOption(
      new Option('--output <format>', 'how results are written').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--quiet', 'no progress, no notes; errors are still shown')
    .option('--verbose', 'with more detail where something fails')
}

/** The flags of every verb, as given before or after the verb. */
export function globalFlags(command: Command): GlobalFlags {
  const flags = command.optsWithGlobals<GlobalFlags>()
  return flags.lake === '' ? { ...flags, lake: defaultLake } : flags
}

/** Whether `--lake` was written in the command line. */
export function isLakeNamed(command: Command): boolean {
  return command.getOptionValueSourceWithGlobals('lake') === 'cli'
}

/** Reads a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
    return value
  }
}

/** Reads a number within bounds. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    return value
  }
}

/** Collects values written as `name=value`, of a flag that may be repeated. */
export function namedValue(
  given: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(given) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.')
  return { ...before, [name.trim()]: value }
}

/** Reads a moment; without a zone it is UTC. */
export function moment(text: string): Date {
  const isBare = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(text)
  const time = isBare && text.length > 10 ? new Date(`${text.replace(' ', 'T')}Z`) : new Date(text)
  if (!/^\d{4}-/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a date such as 2026-11-20 or a time such as 2026-11-20T12:00:00Z.')
  return time
}

/** Reads a list with commas between. */
export function commaList(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}
