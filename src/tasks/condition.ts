import { MillraceError } from '../errors.ts'

export type Compared = '=' | '<>' | '<' | '<=' | '>' | '>='

/** What stands behind WHEN, read. */
export type Condition =
  | { readonly form: 'value'; readonly value: boolean | number | string }
  /** SYSTEM$STREAM_HAS_DATA: the name as it was written. */
  | { readonly form: 'stream'; readonly name: string }
  | { readonly form: 'not'; readonly of: Condition }
  | { readonly form: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly form: 'compare'; readonly by: Compared; readonly left: Condition; readonly right: Condition }

/** The streams that a condition asks. */
export function streamsIn(condition: Condition): string[] {
  if (condition.form === 'stream') return [condition.name]
  if (condition.form === 'value') return []
  if (condition.form === 'not') return streamsIn(condition.of)
  return [...streamsIn(condition.left), ...streamsIn(condition.right)]
}

/** Whether a condition holds. Streams that it need not ask are not asked. */
export async function holds(condition: Condition, hasData: (stream: string) => Promise<boolean>): Promise<boolean> {
  const value = await valueOf(condition, hasData)
  if (typeof value === 'boolean') return value
  throw new MillraceError('STATEMENT_FAILED', `the condition behind WHEN is ${value}, neither TRUE nor FALSE`)
}

async function valueOf(
  condition: Condition,
  hasData: (stream: string) => Promise<boolean>,
): Promise<boolean | number | string> {
  switch (condition.form) {
    case 'value':
      return condition.value
    case 'stream':
      return hasData(condition.name)
    case 'not':
      return !(await holds(condition.of, hasData))
    case 'and':
      return (await holds(condition.left, hasData)) && holds(condition.right, hasData)
    case 'or':
      return (await holds(condition.left, hasData)) || holds(condition.right, hasData)
    case 'compare':
      return compared(condition.by, await valueOf(condition.left, hasData), await valueOf(condition.right, hasData))
  }
}

function compared(by: Compared, left: boolean | number | string, right: boolean | number | string): boolean {
  if (typeof left !== typeof right)
    throw new MillraceError(
      'STATEMENT_FAILED',
      `the condition behind WHEN compares ${left} with ${right}, which are of two types`,
    )
  switch (by) {
    case '=':
      return left === right
    case '<>':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}
