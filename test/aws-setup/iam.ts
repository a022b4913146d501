import type { Statement } from '../../src/aws-setup/policy.ts'

/** A request as IAM judges it. */
export interface Asked {
  /** `AWS arn:…` or `Service s3.amazonaws.com`; undefined where the policy is an identity's own. */
  readonly who?: string
  readonly action: string
  readonly resource?: string
  /** Keys that the request carries. */
  readonly context?: Readonly<Record<string, string>>
}

/**
 * Whether statements allow a request, as IAM evaluates them (IAM User Guide, "Policy evaluation logic"): a condition on a key that the request does not
 * carry does not hold. moto leaves most of that out.
 */
export function allows(document: Statement | readonly Statement[], asked: Asked): boolean {
  const statements = 'Statement' in document ? listOf(document['Statement']) : listOf(document)
  const fitting = statements.filter((statement) => isRecord(statement) && isAbout(statement, asked))
  const has = (effect: string): boolean => fitting.some((one) => isRecord(one) && one['Effect'] === effect)
  return has('Allow') && !has('Deny')
}

function isAbout(statement: Record<string, unknown>, { who, action, resource, context = {} }: Asked): boolean {
  return (
    (who === undefined || principalsOf(statement['Principal']).includes(who)) &&
    textsOf(statement['Action']).some((pattern) => fits(pattern, action)) &&
    (resource === undefined || textsOf(statement['Resource']).some((pattern) => fits(pattern, resource))) &&
    Object.entries(recordOf(statement['Condition'])).every(([operator, keys]) =>
      Object.entries(recordOf(keys)).every(([key, values]) => holds(operator, textsOf(values), context[key])),
    )
  )
}

function holds(operator: string, wanted: readonly string[], given: string | undefined): boolean {
  if (given === undefined) return false
  if (operator === 'StringEquals') return wanted.includes(given)
  if (['StringLike', 'ArnLike', 'ArnEquals'].includes(operator)) return wanted.some((pattern) => fits(pattern, given))
  throw new Error(`There is no operator ${operator} here.`)
}

function principalsOf(principal: unknown): string[] {
  return Object.entries(recordOf(principal)).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind} ${name}`))
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+^${}()|[\]\\?]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === 'string')
}
