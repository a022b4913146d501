import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Statement, isSame, mergePolicy, printPolicy, readPolicy, sidOf } from '../../src/aws-setup/policy.ts'
import { cases, limitMs } from '../aws/scale.ts'

const isOwn = (sid: string): boolean => sid.startsWith('Millrace')
const words = fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*', 'sqs:SendMessage'), {
  minLength: 1,
})
const oneOrMore = words.map((all) => (all.length === 1 ? all[0] : all))
const foreign: fc.Arbitrary<Statement> = fc.record(
  { Sid: fc.constantFrom('', 'Theirs', 'OnlyTls'), Effect: fc.constantFrom('Allow', 'Deny'), Action: oneOrMore },
  { requiredKeys: ['Effect', 'Action'] },
)
const own = (effect: fc.Arbitrary<string>): fc.Arbitrary<Statement[]> =>
  fc.uniqueArray(
    fc.record({ Sid: fc.constantFrom('MillraceA', 'MillraceB', 'MillraceC'), Effect: effect, Action: oneOrMore }),
    {
      selector: sidOf,
    },
  )

test('others keep what they wrote, in its order, and merging again changes nothing', limitMs, () => {
  fc.assert(
    fc.property(fc.array(foreign), own(fc.constant('Deny')), own(fc.constant('Allow')), (theirs, before, wanted) => {
      const statements = [...theirs, ...before]
      const policy = readPolicy(JSON.stringify({ Version: '2012-10-17', Id: 'x', Statement: statements }), 'it')
      const merged = mergePolicy(policy, wanted, isOwn)
      const others = merged.policy.statements.filter((statement) => !isOwn(sidOf(statement)))
      expect(others).toEqual(theirs)
      const held = merged.policy.statements.filter((statement) => isOwn(sidOf(statement)))
      const bySid = (all: readonly Statement[]): Statement[] => all.toSorted((a, b) => (sidOf(a) < sidOf(b) ? -1 : 1))
      expect(bySid(held)).toEqual(bySid(wanted))
      const read = readPolicy(printPolicy(merged.policy), 'it')
      expect(read.rest).toEqual({ Version: '2012-10-17', Id: 'x' })
      expect(mergePolicy(read, wanted, isOwn)).toEqual({ policy: read, differences: [] })
      expect(mergePolicy(read, [], isOwn).policy.statements).toEqual(theirs)
    }),
    cases,
  )
})

test('a policy means the same however lists are written', () => {
  const one = { Action: ['b', 'a'], Resource: 'x', Condition: { StringEquals: { k: ['v'] } } }
  const other = { Condition: { StringEquals: { k: 'v' } }, Resource: ['x'], Action: ['a', 'b'] }
  expect(isSame(one, other)).toBe(true)
  expect(isSame(one, { ...other, Action: ['a'] })).toBe(false)
  expect(isSame(one, { ...other, Resource: ['x', 'y'] })).toBe(false)
})

test('a policy with one statement that is no list is read, and one that is no policy is refused', () => {
  const theirs = { Effect: 'Allow', Principal: '*' }
  expect(readPolicy(JSON.stringify({ Statement: theirs }), 'the queue q').statements).toEqual([theirs])
  expect(readPolicy(undefined, 'the queue q')).toEqual({ statements: [], rest: { Version: '2012-10-17' } })
  for (const text of ['{', '[]', '{"Statement": 1}', '{"Statement": ["x"]}'])
    expect(() => readPolicy(text, 'the queue q')).toThrow('The policy of the queue q cannot be read')
})
