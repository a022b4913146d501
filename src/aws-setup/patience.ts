import type { Timing } from '../aws/timing.ts'
import { messageOf } from '../errors.ts'
import type { Clients } from './clients.ts'
import { type Call, type Operation, send } from './operations.ts'
import { refusalCode } from './refusals.ts'

/** Refusals that pass when AWS has heard everywhere of what was just made. */
interface Passing {
  /** Any operation without it. */
  readonly operations?: readonly Operation[]
  readonly code: RegExp
  readonly message?: RegExp
  readonly because: string
}

const passing: readonly Passing[] = [
  {
    code: /^(OperationAborted|ConcurrentModification(Exception)?|ConflictException)$/,
    because: 'another change of the same is under way',
  },
  {
    operations: ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 's3:PutBucketPolicy'],
    code: /^Malformed(Policy|PolicyDocument)(Exception)?$/,
    message: /invalid principal/i,
    because: 'IAM does not know a principal everywhere yet',
  },
  {
    operations: ['ec2:CreateFlowLogs'],
    code: /^InvalidParameter(Value)?$/,
    message: /unable to assume/i,
    because: 'the new role cannot be taken on everywhere yet',
  },
  {
    operations: ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'],
    code: /^NoSuchEntity(Exception)?$/,
    because: 'IAM does not know the new role everywhere yet',
  },
  {
    operations: ['s3:PutBucketNotificationConfiguration'],
    code: /^InvalidArgument$/,
    message: /unable to validate the following destination/i,
    because: "the queue's new policy is not known everywhere yet",
  },
  {
    operations: ['quicksight:UpdateDashboardPublishedVersion'],
    code: /^(InvalidParameterValue|ResourceNotFound)Exception$/,
    message: /version/i,
    because: 'QuickSight is still making the new version',
  },
  {
    operations: ['sqs:CreateQueue'],
    code: /QueueDeletedRecently$/,
    because: 'SQS makes a queue of the same name 60 seconds after it was deleted',
  },
  {
    operations: ['sqs:SetQueueAttributes'],
    code: /(QueueDoesNotExist|NonExistentQueue)$/,
    because: 'SQS does not know the new queue everywhere yet',
  },
]

/** How long to go on, and how it is told. */
export interface Patience {
  readonly timing: Timing
  readonly signal?: AbortSignal | undefined
  /** Is told a sentence when there is a wait. */
  readonly waiting: (sentence: string) => void
}

/** As long as SQS takes at most for attributes, and IAM usually for roles. */
const limitMs = 90_000
const longestMs = 8000

/** Sends a call, again and again where AWS refuses it for what will pass. */
export async function sendPatiently(on: Clients, call: Call, patience: Patience): Promise<object> {
  const pauses = pausesOf(patience)
  for (;;) {
    try {
      return await send(on, call, patience.signal)
    } catch (error) {
      const known = passing.find((one) => isCase(one, call, error))
      if (known === undefined || !(await pauses.next(`Waiting, since ${known.because}.`))) throw error
    }
  }
}

/** Asks again and again until what is asked for is so; false when it took too long. */
export async function untilSo(isSo: () => Promise<boolean>, sentence: string, patience: Patience): Promise<boolean> {
  const pauses = pausesOf(patience)
  for (;;) {
    if (await isSo()) return true
    if (!(await pauses.next(sentence))) return false
  }
}

interface Pauses {
  /** Resolves after a pause, each longer than the one before; with false when the time is over. */
  next(sentence: string): Promise<boolean>
}

function pausesOf({ timing, signal, waiting }: Patience): Pauses {
  const end = timing.now() + limitMs
  let ms = 500
  let told = ''
  return {
    next: async (sentence) => {
      if (timing.now() + ms > end) return false
      if (sentence !== told) waiting(sentence)
      told = sentence
      await timing.wait(ms, signal)
      ms = Math.min(ms * 2, longestMs)
      return true
    },
  }
}

function isCase({ operations, code, message }: Passing, call: Call, error: unknown): boolean {
  const isOperation = operations === undefined || operations.includes(call.operation)
  return isOperation && code.test(refusalCode(error)) && (message === undefined || message.test(messageOf(error)))
}
