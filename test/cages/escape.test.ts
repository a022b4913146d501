import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CagedFunction } from '../../src/cages/caged-function.ts'
import { Cages } from '../../src/cages/cages.ts'
import { messageOf } from '../../src/errors.ts'
import { type Attempt, attempts, floods, tumbles } from './attempts.ts'

const secret = randomBytes(12).toString('hex')
const variable = 'MILLRACE_CANARY'
const folder = mkdtempSync(join(tmpdir(), 'millrace-canary-'))
const file = join(folder, 'secret')
const mebibyte = 1024 * 1024
const cages = new Cages({ batchMs: 120_000, memoryBytes: 128 * mebibyte, outputBytes: 8 * mebibyte, idleMs: 600_000 })
// Loops are left alone for a second; what starts Python has more.
const brief = new Cages({ batchMs: 1000, memoryBytes: 128 * mebibyte, outputBytes: 8 * mebibyte, idleMs: 600_000 })

let server: Server
let port = 0
let connections = 0

beforeAll(async () => {
  writeFileSync(file, secret)
  process.env[variable] = secret
  server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(() => {
  cages.close()
  brief.close()
  server.close()
  Reflect.deleteProperty(process.env, variable)
  rmSync(folder, { recursive: true, force: true })
})

function canaries(): object {
  return { file, folder, variable, port }
}

async function tried({ language, name, code }: Attempt, of: Cages = cages): Promise<string> {
  const definition: CagedFunction = {
    language,
    name: 'ATTEMPT',
    code,
    handler: language === 'PYTHON' ? 'f' : '',
    isTable: false,
    isStrict: false,
    arguments: [{ name: 'X', kind: 'text' }],
    columns: [{ name: 'V', kind: 'variant' }],
  }
  const batch = Buffer.from(JSON.stringify([[0], [JSON.stringify(canaries())]]))
  try {
    return Buffer.from(await of.of(language).call(`${language} ${name}`, definition, batch)).toString()
  } catch (error) {
    return messageOf(error)
  }
}

/** A call of another function goes on as before. */
async function expectWhole(language: Attempt['language'], of: Cages = cages): Promise<void> {
  const code = language === 'PYTHON' ? 'def f(x): return [one for one in "ab"]' : "return ['a', 'b'].map((one) => one)"
  expect(await tried({ name: 'the next call', language, code }, of)).toBe('{"n":[0],"r":[["[\\"a\\",\\"b\\"]"]]}')
}

function expectUntouched(): void {
  expect(readdirSync(folder)).toEqual(['secret'])
  expect(readFileSync(file, 'utf8')).toBe(secret)
  expect(connections).toBe(0)
}

describe('in its cage', () => {
  test.each(attempts)('$language: $name reaches nothing', async (attempt) => {
    const found = await tried(attempt)
    expect(found).not.toContain(secret)
    expect(found).toMatch(/^The function ATTEMPT failed: |^\{"n":\[0\],"r":\[\[(null|"\{\}"|"\[\]")\]\]\}$/)
    await expectWhole(attempt.language)
    expectUntouched()
  })

  test.each(tumbles)('$language: $name does no harm', async (attempt) => {
    const found = await tried(attempt)
    expect(found).toMatch(/^The function ATTEMPT failed: |^\{"n":\[0\],"r":\[\[null\]\]\}$/)
    await expectWhole(attempt.language)
    expectUntouched()
  })

  test.each(floods)('$language: $name ends at its limit', async (attempt) => {
    const isLoop = attempt.name.startsWith('an endless')
    const found = await tried(attempt, isLoop ? brief : cages)
    expect(found).toMatch(/^The function ATTEMPT failed: (took longer than|took more memory than|gave more than)/)
    if (attempt.language === 'JAVASCRIPT') await expectWhole(attempt.language, isLoop ? brief : cages)
    expectUntouched()
  })

  test('after limits, Python starts anew', async () => {
    await expectWhole('PYTHON')
    expect(readdirSync(folder)).toEqual(['secret'])
  })

  test('each Python draws random numbers of its own, though all begin as the build left them', async () => {
    const draw = (of: Cages): Promise<string> =>
      tried({ language: 'PYTHON', name: 'draw', code: 'import random\ndef f(x): return str(random.random())' }, of)
    const [one, other] = [await draw(cages), await draw(brief)]
    expect(one).toMatch(/"0\.\d+/)
    expect(other).toMatch(/"0\.\d+/)
    expect(other).not.toBe(one)
  })
})

test.runIf(existsSync('/proc/self/task'))('a loop in Python ends also where its lake was killed', async () => {
  const script = join(folder, 'killed.mjs')
  const limits = { batchMs: 3000, memoryBytes: 128 * mebibyte, outputBytes: 8 * mebibyte, idleMs: 600_000 }
  writeFileSync(
    script,
    `import { Cages } from ${JSON.stringify(new URL('../../dist/cages/cages.js', import.meta.url).href)}
const of = (code) => ({ language: 'PYTHON', name: 'F', code, handler: 'f', isTable: false, isStrict: false, arguments: [], columns: [{ name: 'V', kind: 'variant' }] })
const cage = new Cages(${JSON.stringify(limits)}).of('PYTHON')
await cage.call('one', of('def f(): return 1'), Buffer.from('[[0]]'))
void cage.call('two', of('def f():\\n  while True: pass'), Buffer.from('[[0]]')).catch(() => 0)
setTimeout(() => console.log('asked'), 300)
setInterval(() => 0, 1000)`,
  )
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  rmSync(script)
  const listed = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
  child.kill('SIGKILL')
  expect(listed).toMatch(/^\d+$/)
  const isOver = (): boolean =>
    !existsSync(`/proc/${listed}/status`) || readFileSync(`/proc/${listed}/status`, 'utf8').includes('State:\tZ')
  expect(isOver()).toBe(false)
  await expect.poll(isOver, { timeout: 20_000 }).toBe(true)
})

describe('without a cage', () => {
  let child: ChildProcess
  const reached = new Map<string, string>()

  beforeAll(async () => {
    const list = join(folder, 'attempts')
    const meant = attempts.filter(({ reaches }) => reaches !== undefined)
    writeFileSync(list, JSON.stringify({ attempts: meant, canaries: canaries() }))
    child = spawn(process.execPath, ['test/cages/uncaged.mjs', list], { stdio: ['pipe', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new Error('no output')
    for await (const line of createInterface(child.stdout)) {
      const told: unknown = JSON.parse(line)
      if (!Array.isArray(told)) throw new Error(line)
      const [language, name, found] = told.map(String)
      reached.set(`${language} ${name}`, found ?? '')
      if (reached.size === meant.length) break
    }
  })

  afterAll(() => {
    child.kill('SIGKILL')
  })

  test.each(attempts.filter(({ reaches }) => reaches !== undefined))(
    '$language: $name reaches the $reaches',
    async ({ language, name, reaches }) => {
      const found = reached.get(`${language} ${name}`) ?? ''
      const isReached = {
        secret: () => found.includes(secret),
        file: () => existsSync(join(folder, name)),
        socket: () => connections > 0,
      }
      await expect.poll(() => (reaches === undefined ? false : isReached[reaches]()), { message: found }).toBe(true)
    },
  )
})
