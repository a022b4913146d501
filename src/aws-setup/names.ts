import type { Place } from './place.ts'
import type { Setup } from './setup.ts'

/** What everything of a setup is called in one place. */
export interface Names {
  readonly bucket: string
  readonly queue: string
  readonly deadLetterQueue: string
  readonly rule: string
  readonly role: string
  readonly rolePolicy: string
  readonly logGroup: string
  readonly deliveryRole: string
  /** Of own entries among those of others: a notification, a target, a lifecycle rule. */
  readonly entry: string
}

export function namesOf(setup: Setup, place: Place): Names {
  const entry = entryOf(setup.name)
  const queue = setup.queue.name ?? entry
  return {
    bucket: filled(setup.bucket.name, { ...place, accountId: setup.bucket.account ?? place.accountId }),
    queue,
    deadLetterQueue: setup.queue.dead_letter_queue ?? `${queue}-dead`,
    rule: entry,
    role: setup.reader?.role ?? `${entry}-reader`,
    rolePolicy: entry,
    logGroup: setup.cloud_watch.log_group ?? `${entry}/flow-logs`,
    deliveryRole: setup.cloud_watch.role ?? `${entry}-flow-logs`,
    entry,
  }
}

function entryOf(setup: string): string {
  return setup === 'millrace' ? 'millrace' : `millrace-${setup}`
}

/** A name with `{account}` and `{region}` filled in. */
export function filled(name: string, { accountId, region }: Place): string {
  return name.replaceAll('{account}', accountId).replaceAll('{region}', region)
}

/** What own statements are for; a Sid ends with it. */
export const purposes = ['FlowLogWrite', 'FlowLogCheck', 'AccessLogs', 'Events', 'Rule'] as const

/** The Sid of an own statement: letters and digits, as IAM wants them. */
export function sidOf(setup: string, purpose: (typeof purposes)[number]): string {
  const words = entryOf(setup).split('-')
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('') + purpose
}

/** All Sids that a setup may have written. */
export function sidsOf(setup: string): string[] {
  return purposes.map((purpose) => sidOf(setup, purpose))
}
