import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Clients, openClients } from '../../src/aws-setup/clients.ts'
import { type Patience, sendPatiently, untilSo } from '../../src/aws-setup/patience.ts'
import { refusalCode } from '../../src/aws-setup/refusals.ts'

interface Answer {
  readonly status: number
  readonly body: string
}

const keys = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: undefined, expiresAtMs: undefined }
const refusal = (code: string, message: string): Answer => ({
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
})
const done: Answer = {
  status: 200,
  body: '<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult></CreateRoleResult></CreateRoleResponse>',
}
const unknown = refusal('MalformedPolicyDocument', 'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/new"')

let server: Server | undefined
let clients: Clients | undefined
afterEach(async () => {
  clients?.close()
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
})

/** An IAM that gives these answers in turn, and the last for good. */
async function openIam(answers: readonly Answer[]): Promise<Clients> {
  let asked = 0
  const opened = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, body } = answers[Math.min(asked++, answers.length - 1)] ?? done
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
    })
  })
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  server = opened
  const isPort = (address: unknown): address is AddressInfo => typeof address === 'object' && address !== null
  const address = opened.address()
  const environment = { AWS_ENDPOINT_URL_IAM: `http://127.0.0.1:${isPort(address) ? address.port : 0}` }
  const credentials = { get: () => Promise.resolve(keys), replace: () => Promise.resolve(keys) }
  clients = openClients({ environment, region: 'eu-west-1', credentials })
  return clients
}

interface Watched extends Patience {
  readonly told: string[]
  readonly waits: number[]
}

function watched(signal?: AbortSignal): Watched {
  const [told, waits]: [string[], number[]] = [[], []]
  const now = (): number => waits.reduce((sum, ms) => sum + ms, 0)
  const wait = (ms: number): Promise<void> => {
    signal?.throwIfAborted()
    waits.push(ms)
    return Promise.resolve()
  }
  return { timing: { now, wait, random: () => 0 }, signal, waiting: (sentence) => told.push(sentence), told, waits }
}

const call = { operation: 'iam:CreateRole', input: { RoleName: 'r', AssumeRolePolicyDocument: '{}' } } as const

test('a principal that IAM does not know yet is waited for, and it is said once', async () => {
  const patience = watched()
  await sendPatiently(await openIam([unknown, unknown, unknown, done]), call, patience)
  expect(patience.waits).toEqual([500, 1000, 2000])
  expect(patience.told).toEqual(['Waiting, since IAM does not know a principal everywhere yet.'])
})

test('in the end it is given up, with what AWS said', async () => {
  const patience = watched()
  await expect(sendPatiently(await openIam([unknown]), call, patience)).rejects.toSatisfy(
    (error) => refusalCode(error) === 'MalformedPolicyDocumentException',
  )
  expect(patience.timing.now()).toBeGreaterThan(80_000)
  expect(patience.timing.now()).toBeLessThanOrEqual(90_000)
})

test('what does not pass is not waited for', async () => {
  const patience = watched()
  const syntax = refusal('MalformedPolicyDocument', 'Syntax errors in policy.')
  await expect(sendPatiently(await openIam([syntax, done]), call, patience)).rejects.toThrow('Syntax errors')
  expect(patience.waits).toEqual([])
})

test('Ctrl-C ends a wait', async () => {
  const controller = new AbortController()
  const patience = watched(controller.signal)
  controller.abort(new Error('stopped'))
  await expect(sendPatiently(await openIam([unknown]), call, patience)).rejects.toThrow('stopped')
})

test('what reads back late is asked for again', async () => {
  let left = 3
  const patience = watched()
  expect(await untilSo(() => Promise.resolve(--left === 0), 'Waiting.', patience)).toBe(true)
  expect(patience.told).toEqual(['Waiting.'])
  expect(await untilSo(() => Promise.resolve(false), 'Waiting.', watched())).toBe(false)
})
