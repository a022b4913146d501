import type { Observation, Seen } from './observation.ts'

/** What the records come down to, most telling first. Texts for each are in `wording.ts`. */
export type Verdict =
  | 'no-records'
  | 'nothing-sent'
  | 'addresses-unknown'
  | 'rejected-at-source'
  | 'rejected-at-destination'
  | 'rejected'
  | 'answer-rejected-at-destination'
  | 'answer-rejected-at-source'
  | 'answer-rejected'
  | 'lost-between'
  | 'left-source'
  | 'no-answer'
  | 'port-closed'
  | 'only-answers'
  | 'arrives'

/** Facts that go with a verdict. */
export type Remark =
  | 'changed-over-time'
  | 'records-skipped'
  | 'public-access-blocked'
  | 'encryption-required'
  | 'no-flags'

export interface Finding {
  readonly verdict: Verdict
  readonly remarks: readonly Remark[]
  /** The records that decided. */
  readonly evidence: readonly Seen[]
}

const SYN = 2
const RST = 4
const ACK = 16

/**
 * What the records mean. Security groups are stateful: they let the answer to an accepted request through, so a rejected answer is the
 * doing of a network ACL. A rejected request can be either's.
 */
export function diagnose({ seen, surroundings }: Observation): Finding {
  const requests = latestOf(seen.filter(({ way }) => way === 'request'))
  const answers = latestOf(seen.filter(({ way }) => way === 'answer'))
  const { verdict, evidence } = judge(requests, answers, surroundings)
  const remarks: Remark[] = []
  if (isMixed(seen)) remarks.push('changed-over-time')
  if (surroundings.skipped_windows > 0 && verdict !== 'arrives') remarks.push('records-skipped')
  if (evidence.some(({ reject_reason }) => reject_reason === 'BPA')) remarks.push('public-access-blocked')
  if (evidence.some(({ reject_reason }) => reject_reason === 'EC')) remarks.push('encryption-required')
  if (verdict === 'no-answer' && evidence.every(({ tcp_flags }) => tcp_flags === null)) remarks.push('no-flags')
  return { verdict, remarks, evidence }
}

interface Judgement {
  readonly verdict: Verdict
  readonly evidence: readonly Seen[]
}

function judge(
  requests: readonly Seen[],
  answers: readonly Seen[],
  surroundings: Observation['surroundings'],
): Judgement {
  const rejected = requests.filter(isRejected)
  const accepted = requests.filter((one) => !isRejected(one))
  const at = (list: readonly Seen[], side: Seen['side']) => list.filter((one) => one.side === side)
  if (requests.length === 0) return withoutRequest(answers, surroundings)
  // Where it leaves comes before where it arrives.
  if (at(rejected, 'source').length > 0) return { verdict: 'rejected-at-source', evidence: at(rejected, 'source') }
  if (at(rejected, 'destination').length > 0)
    return { verdict: 'rejected-at-destination', evidence: [...accepted, ...at(rejected, 'destination')] }
  if (rejected.length > 0) return { verdict: 'rejected', evidence: rejected }

  const refused = answers.filter(isRejected)
  if (at(refused, 'destination').length > 0)
    return { verdict: 'answer-rejected-at-destination', evidence: [...accepted, ...at(refused, 'destination')] }
  if (at(refused, 'source').length > 0)
    return { verdict: 'answer-rejected-at-source', evidence: [...accepted, ...at(refused, 'source')] }
  if (refused.length > 0) return { verdict: 'answer-rejected', evidence: [...accepted, ...refused] }

  if (answers.length > 0) {
    const isReset = answers.every(
      ({ tcp_flags }) => tcp_flags !== null && (tcp_flags & RST) !== 0 && (tcp_flags & SYN) === 0,
    )
    return { verdict: isReset ? 'port-closed' : 'arrives', evidence: [...accepted, ...answers] }
  }
  if (at(accepted, 'destination').length === 0 && at(accepted, 'source').length > 0)
    return {
      verdict: surroundings.destination_records > ofRequests(accepted) ? 'lost-between' : 'left-source',
      evidence: accepted,
    }
  return { verdict: answered(accepted) ? 'arrives' : 'no-answer', evidence: accepted }
}

/** Flags of the requests alone show an established connection: more than SYN was sent. */
function answered(accepted: readonly Seen[]): boolean {
  return accepted.some(({ tcp_flags, only_syn }) => tcp_flags !== null && !only_syn && (tcp_flags & (ACK | 1)) !== 0)
}

function withoutRequest(answers: readonly Seen[], surroundings: Observation['surroundings']): Judgement {
  if (surroundings.records === 0) return { verdict: 'no-records', evidence: [] }
  if (answers.length > 0) return { verdict: 'only-answers', evidence: answers }
  return {
    verdict:
      surroundings.source_records === 0 && surroundings.destination_records === 0
        ? 'addresses-unknown'
        : 'nothing-sent',
    evidence: [],
  }
}

const ofRequests = (seen: readonly Seen[]): number => seen.reduce((sum, { records }) => sum + records, 0)
const isRejected = ({ action }: Seen): boolean => action === 'REJECT'

const isSamePlace = (one: Seen, other: Seen): boolean =>
  one.way === other.way && one.interface_id === other.interface_id

/** What an interface did last counts: rules change. */
function latestOf(seen: readonly Seen[]): Seen[] {
  return seen.filter((one) => !isOutdated(one, seen))
}

function isOutdated(one: Seen, seen: readonly Seen[]): boolean {
  return seen.some((other) => isSamePlace(one, other) && other.action !== one.action && other.last > one.last)
}

function isMixed(seen: readonly Seen[]): boolean {
  return seen.some((one) => seen.some((other) => isSamePlace(one, other) && other.action !== one.action))
}
