import { z } from 'zod'
import { MillraceError } from '../errors.ts'

/** A statement of a policy, as plain JSON; what others wrote is kept as it is. */
export type Statement = Readonly<Record<string, unknown>>

/** A policy document. */
export interface Policy {
  readonly statements: readonly Statement[]
  /** All other keys, such as `Version` and `Id`. */
  readonly rest: Readonly<Record<string, unknown>>
}

const statementForm = z.record(z.string(), z.unknown())
const policyForm = z.looseObject({
  Statement: z.union([z.array(statementForm), statementForm.transform((one) => [one])]),
})

/** Reads a policy; that of nothing is empty. `name` is what the error calls it. */
export function readPolicy(text: string | undefined, name: string): Policy {
  if (text === undefined || text === '') return { statements: [], rest: { Version: '2012-10-17' } }
  try {
    const { Statement: statements, ...rest } = policyForm.parse(JSON.parse(text))
    return { statements, rest }
  } catch (error) {
    throw new MillraceError(
      'SOURCE_REFUSED',
      `The policy of ${name} cannot be read, so nothing can be merged with it. See it in the console.`,
      error,
    )
  }
}

/** The text of a policy. */
export function printPolicy({ statements, rest }: Policy): string {
  return JSON.stringify({ ...rest, Statement: statements })
}

/** What merging comes to. */
export interface Merge {
  readonly policy: Policy
  /** In words; empty where nothing changes. */
  readonly differences: readonly string[]
}

/**
 * Puts own statements into a policy: in place of those of the same Sid, behind all others where there are none. Statements whose Sid is own but
 * that are not wanted any more go. What others wrote stays, in its order. Pure.
 */
export function mergePolicy(policy: Policy, wanted: readonly Statement[], isOwn: (sid: string) => boolean): Merge {
  const bySid = new Map(wanted.map((statement) => [sidOf(statement), statement]))
  const there = new Set(policy.statements.map(sidOf))
  const differences: string[] = []
  const statements = policy.statements.flatMap((statement) => {
    const sid = sidOf(statement)
    const own = bySid.get(sid)
    if (own !== undefined && isSame(own, statement)) return [statement]
    if (own !== undefined) {
      differences.push(`its statement ${sid} differs`)
      return [own]
    }
    if (!isOwn(sid)) return [statement]
    differences.push(`its statement ${sid} is not wanted any more`)
    return []
  })
  const missing = wanted.filter((statement) => !there.has(sidOf(statement)))
  differences.push(...missing.map((statement) => `it has no statement ${sidOf(statement)}`))
  return { policy: { ...policy, statements: [...statements, ...missing] }, differences }
}

export function sidOf(statement: Statement): string {
  const sid = statement['Sid']
  return typeof sid === 'string' ? sid : ''
}

/** Whether one of a statement's actions is of a pattern. */
export function namesAction({ Action }: Statement, pattern: RegExp): boolean {
  return [Action].flat().some((action) => typeof action === 'string' && pattern.test(action))
}

/**
 * Names of the statements of a bucket's policy that deny writing, whatever their conditions are about. They may keep deliveries out without a word: S3
 * and flow logs tell nobody.
 */
export function denialsOfWriting(statements: readonly Statement[]): string[] {
  return statements
    .filter((statement) => statement['Effect'] === 'Deny')
    .filter((statement) => 'NotAction' in statement || namesAction(statement, /^(\*|s3:\*|s3:put.*)$/i))
    .map((statement) => sidOf(statement) || 'without a Sid')
}

/** Whether two parts of policies mean the same: a list of one is its value, and lists of text have no order. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other))
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(canonical)
    if (parts.length === 1) return parts[0]
    return parts.every((part) => typeof part === 'string') ? parts.toSorted() : parts
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, canonical(part)]),
  )
}
