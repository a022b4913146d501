import { expect, test } from 'vitest'
import { statementForms } from './delivery-statements.ts'
import { judgeFlowLogs, judgePolicy } from '../../src/doctor/delivery.ts'

test('a policy that others wrote is judged by what it lets, not by its names', () => {
  for (const [what, logs, statement, isLet] of statementForms)
    expect(
      judgePolicy('bucket b', 'b', [logs], [statement]).map(({ message }) => message),
      what,
    ).toEqual(isLet ? [] : [`The policy of b lets no service of AWS deliver ${logs} into it.`])
})

test('a bucket whose pipes read any lines needs one of the services, and one of both kinds needs both', () => {
  const [, , statement] = statementForms[0]
  expect(judgePolicy('bucket b', 'b', [], [statement])).toEqual([])
  expect(judgePolicy('bucket b', 'b', [], [])).toMatchObject([{ level: 'warning' }])
  expect(judgePolicy('bucket b', 'b', ['flow logs', 'access logs'], [statement])).toMatchObject([
    { message: expect.stringContaining('deliver access logs') },
  ])
})

test('a denial of writing is told, since nobody else does', () => {
  const denial = { Sid: 'OnlyTls', Effect: 'Deny', Principal: '*', Action: ['s3:GetObject', 's3:PutObject'] }
  const [, , statement] = statementForms[0]
  expect(judgePolicy('bucket b', 'b', ['flow logs'], [statement, denial])).toMatchObject([
    { level: 'warning', message: expect.stringContaining('OnlyTls') },
  ])
  const { Action: _action, ...allElse } = { ...denial, NotAction: 's3:GetObject' }
  expect(judgePolicy('bucket b', 'b', ['flow logs'], [statement, allElse])).toMatchObject([{ level: 'warning' }])
  expect(judgePolicy('bucket b', 'b', ['flow logs'], [statement, { ...denial, Action: 's3:GetObject' }])).toEqual([])
})

test('flow logs say of themselves whether they deliver', () => {
  const log = { FlowLogId: 'fl-1', ResourceId: 'vpc-1', DeliverLogsStatus: 'SUCCESS' }
  expect(judgeFlowLogs('bucket b', [])).toMatchObject([
    { level: 'ok', message: expect.stringContaining('No flow log') },
  ])
  expect(judgeFlowLogs('bucket b', [log])).toMatchObject([{ level: 'ok', message: expect.stringContaining('vpc-1') }])
  const failed = { ...log, FlowLogId: 'fl-2', DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }
  expect(judgeFlowLogs('bucket b', [log, failed])).toMatchObject([
    {
      level: 'error',
      message: 'The flow log fl-2 of vpc-1 cannot deliver into it: Access error.',
      mend: expect.stringContaining('millrace aws plan'),
    },
  ])
})
