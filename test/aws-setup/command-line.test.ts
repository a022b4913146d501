import * as fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { commandLine, innerDocuments } from '../../src/aws-setup/command-line.ts'
import type { Call } from '../../src/aws-setup/operations.ts'
import { caseCount, cases, limitMs } from '../aws/scale.ts'

/** What a shell gives to the command. */
function argumentsOf(line: string): string[] {
  const script = `aws() { printf '%s\\0' "$@"; }\n${line}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

test('a shell gives the command what the SDK would send', limitMs, () => {
  const text = fc.string({
    minLength: 1,
    unit: fc.constantFrom('a', "'", '"', ' ', '$', '`', '\\', '\n', '!', '*', 'ü'),
  })
  fc.assert(
    fc.property(text, text, (key, value) => {
      const Attributes = { [key]: value, Policy: JSON.stringify({ [key]: value }) }
      const call: Call = { operation: 'sqs:CreateQueue', input: { QueueName: 'q', Attributes } }
      const [service, action, ...options] = argumentsOf(commandLine(call, 'eu-west-1'))
      expect([service, action]).toEqual(['sqs', 'create-queue'])
      expect(options.slice(0, 3)).toEqual(['--queue-name', 'q', '--attributes'])
      expect(JSON.parse(options[3] ?? '')).toEqual(Attributes)
      expect(options.slice(4)).toEqual(['--region', 'eu-west-1'])
    }),
    // Each starts a shell.
    { ...cases, numRuns: Math.ceil(caseCount / 5) },
  )
})

test('names are those of the command', () => {
  const policy = { Version: '2012-10-17', Statement: [] }
  const put: Call = {
    operation: 's3:PutBucketPolicy',
    input: { Bucket: 'logs', ExpectedBucketOwner: '123456789012', Policy: JSON.stringify(policy) },
  }
  expect(commandLine(put, 'eu-west-1')).toBe(
    `aws s3api put-bucket-policy --bucket logs --expected-bucket-owner 123456789012 --policy '{"Version":"2012-10-17","Statement":[]}' --region eu-west-1`,
  )
  const role: Call = { operation: 'iam:DeleteRole', input: { RoleName: "it's" } }
  expect(commandLine(role, 'eu-west-1')).toBe(String.raw`aws iam delete-role --role-name 'it'\''s'`)
  const targets: Call = { operation: 'events:RemoveTargets', input: { Rule: 'r', Ids: ['a', 'b c'] } }
  expect(commandLine(targets, 'eu-west-1')).toBe(`aws events remove-targets --rule r --ids a 'b c' --region eu-west-1`)
})

test('the command that empties a bucket deletes page after page, with versions, and ends at what cannot be deleted', () => {
  const empty: Call = { operation: 's3:EmptyBucket', input: { Bucket: 'logs', ExpectedBucketOwner: '1' } }
  /** What is deleted where so many pages are there, and one of them cannot be deleted. */
  const deleted = (pages: number, locked: number): string[] => {
    const script = `n=0
      aws() {
        case "$2" in
          list-object-versions) test -s log && n=$(wc -l < log); if test "$n" -lt ${pages}; then echo '{"Objects": [{"Key": "a b", "VersionId": "v'$n'"}]}'; else echo '{"Objects": []}'; fi ;;
          delete-objects) echo "$* $(cat)" >> log; if test "$(wc -l < log)" -eq ${locked}; then echo "a b AccessDenied"; else echo None; fi ;;
        esac
      }
      cd "$(mktemp -d)" && touch log
      ${commandLine(empty, 'eu-west-1')}
      cat log && rm log && rmdir "$PWD"`
    return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1)
  }
  expect(deleted(0, 0)).toEqual([])
  const all = deleted(3, 0)
  expect(all).toHaveLength(3)
  expect(all[2]).toContain('--bucket logs --expected-bucket-owner 1 --region eu-west-1 --delete file:///dev/stdin')
  expect(deleted(3, 2)).toHaveLength(2)
  expect(all[2]).toContain(`--output text {"Objects": [{"Key": "a b", "VersionId": "v2"}]}`)
})

test('documents within attributes are shown as documents', () => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'x'.repeat(80) }] })
  const call: Call = {
    operation: 'sqs:SetQueueAttributes',
    input: { QueueUrl: 'u', Attributes: { Policy, DelaySeconds: '30' } },
  }
  const [shown, ...others] = innerDocuments(call)
  expect(others).toEqual([])
  expect(shown?.name).toBe('Policy')
  expect(shown?.document).toContain('\n  "Statement": [')
  expect(JSON.parse(shown?.document ?? '')).toEqual(JSON.parse(Policy))
})
