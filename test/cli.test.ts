import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseJson } from '../src/server/json.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

let directory: string
let logs: string

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...args], {
    cwd: directory,
    env: { ...process.env, MILLRACE_LAKE: '', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 50_000,
  })
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const [out, err, code] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    new Promise<number | null>((resolve) => child.on('exit', resolve)),
  ])
  return { code, out, err }
}

/** Runs a command line to its end; its input is empty. */
async function run(...args: string[]): Promise<Ended> {
  const child = start(...args)
  child.stdin?.end()
  return endOf(child)
}

/** Resolves with what a process has written when it has written a line that fits. */
function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      const found = pattern.exec(written)
      if (found !== null) resolve(found[0])
    })
    child.on('exit', (code) => {
      reject(new Error(`Ended with ${code}: ${written}`))
    })
  })
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-cli-'))
  logs = join(directory, 'logs')
  const made = await run(
    'generate',
    logs,
    '--type',
    'vpc-flow-logs',
    '--rows',
    '3000',
    '--files',
    '4',
    '--seed',
    '5',
    '--output',
    'json',
  )
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(parseJson(made.out)).toMatchObject({ rows: 3000, totals: { type: 'vpc-flow-logs' } })
  await writeFile(
    join(logs, 'bad.log'),
    'version account-id interface-id srcaddr dstaddr\n2 111122223333\n2 111122223333 eni-1 10.0.0.1 10.0.0.2\nwrong\n',
  )
})

afterAll(async () => {
  await rm(directory, { recursive: true, force: true })
})

describe('a lake of its own', () => {
  test('load prints its summary, and a second load finds everything there', async () => {
    const first = await run('load', logs, '--output', 'json')
    const second = await run('--output=json', 'load', logs)

    expect([first.code, first.err]).toEqual([0, ''])
    expect(parseJson(first.out)).toEqual({
      files: 5,
      skipped_files: 0,
      rows: 3001,
      rejects: 2,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
      failed_files: 0,
      changed_files: 0,
    })
    expect(parseJson(second.out)).toMatchObject({ files: 0, skipped_files: 5, rows: 0 })
  })

  test('a reader that goes away ends a query quietly', async () => {
    const child = start('query', 'select * from range(100000000)', '--output', 'csv')
    await lineOf(child, /\n/)
    child.stdout?.destroy()

    const [code, err] = await Promise.all([
      new Promise((resolve) => child.on('exit', resolve)),
      child.stderr === null ? '' : text(child.stderr),
    ])
    expect([code, err]).toEqual([0, ''])
  })

  test('Ctrl-C ends a query', async () => {
    const child = start('query', 'select * from range(1000000000)', '--output', 'csv')
    const ended = endOf(child)
    await lineOf(child, /\n/)
    child.kill('SIGINT')

    expect(await ended).toMatchObject({ code: 1, err: 'millrace: The query was cancelled.\n' })
  })

  test('a file that fails is named on standard error with nothing a terminal acts upon, and the exit code is 1', async () => {
    const folder = await mkdtemp(join(directory, 'bad-'))
    for (let count = 0; count < 23; count++)
      await writeFile(join(folder, `bad-\u001B[2J${count}.log`), `nothing known ${count}\n`)

    const loaded = await run('load', folder, '--lake', join(directory, 'bad-lake'), '--output', 'json')

    expect(loaded.code).toBe(1)
    expect(parseJson(loaded.out)).toMatchObject({ files: 0, failed_files: 23 })
    const sentences = loaded.err.trimEnd().split('\n')
    expect(sentences).toHaveLength(21)
    expect(sentences[0]).toContain(String.raw`bad-\x1b[2J`)
    expect(sentences[20]).toBe('and 3 more; see millrace history --status failed')
    expect(loaded.err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

test('a script is run from a file or standard input, its placeholders filled', async () => {
  const script = join(directory, 'script.sql')
  const lake = join(directory, 'script-lake')
  await writeFile(script, "create stage s url = 's3://<BUCKET>/${PREFIX}/';\nshow terse stages;\nselect 1 as one")
  const given = ['--lake', lake, '--dialect', 'snowflake', '--set', 'BUCKET=logs', '--set', 'PREFIX=a=b']

  const table = await run('run', script, ...given)
  const json = await run('run', script, ...given, '--output', 'json')
  const unfilled = await run('run', script, '--lake', lake)
  const missing = await run('run', join(directory, 'nowhere.sql'), '--lake', lake)
  const unsupported = await run('run', script, '--lake', lake, '--set', 'BUCKET', 'x')
  const child = start('run', '-', '--lake', lake, '--output', 'csv')
  child.stdin?.end('select 1 as one, null as none; show schemas limit 0;\nundrop table s')
  const refused = await endOf(child)
  const again = start('run', '-', '--lake', lake, '--output', 'csv', '--max-rows', '2')
  again.stdin?.end('select * from range(5); drop stage s; drop stage s')
  const failed = await endOf(again)
  const help = await run('run', '--help')

  expect(table).toMatchObject({ code: 0, err: '' })
  expect(table.out).toMatch(
    /^-- line 1: create stage s url = [^\n]*\nstatus\n-+\nStage area S successfully created\.\n\n-- line 2: show terse stages \(\d/,
  )
  expect(table.out).toMatch(/\n\n-- line 3: select 1 as one \([\d.]+ s\)\none\n-+\n *1\n$/)
  expect(json).toMatchObject({
    code: 1,
    out: '[]\n',
    err: expect.stringMatching(/^millrace: line 1: STAGE [^\n]*already exists/),
  })
  expect(unfilled).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^millrace: line 1: [^\n]*BUCKET/) })
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.sql is not there') })
  expect(unsupported).toMatchObject({ code: 2, err: expect.stringContaining('name=value') })
  expect(refused).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^millrace: line 2: "undrop table s" is not run/),
  })
  expect(failed).toMatchObject({
    code: 1,
    out: 'range\n0\n1\n\nstatus\nS successfully dropped.\n',
    err: expect.stringMatching(/^line 1: There are more rows than the 2 shown[^\n]*\nmillrace: line 1: STAGE/),
  })
  expect(help.out).toContain('Example:')
})

test('errors are one sentence, exit 1 when running failed and 2 when the usage is wrong', async () => {
  const failed = await run('query', 'selec', '--verbose')
  const missing = await run('status', '--lake', join(directory, 'nothing'))
  const [unknown, option, choice, none] = await Promise.all([
    run('lod', logs),
    run('load', logs, '--typ', 'x'),
    run('--output', 'xml', 'status'),
    run(),
  ])

  expect(failed).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^millrace: [^\n]*selec[^\n]* \(line 1, column 1\)\n[\s\S]*\n {4}at /),
  })
  expect(missing).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^millrace: There is no lake in [^\n]*--lake\.\n$/),
  })
  expect(existsSync(join(directory, 'nothing'))).toBe(false)
  expect(unknown).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^millrace: unknown command 'lod' \(Did you mean load\?\)[^\n]*\n$/),
  })
  expect(option).toMatchObject({ code: 2, err: expect.stringMatching(/^millrace: [^\n]*--type[^\n]*\n$/) })
  expect(choice).toMatchObject({ code: 2, err: expect.stringMatching(/^millrace: [^\n]*table, json, csv[^\n]*\n$/) })
  expect(none.code).toBe(2)
})

describe('a served lake', () => {
  let server: ChildProcess
  let port: string

  beforeAll(async () => {
    server = start('serve', '--port', '0', '--output', 'json')
    const { url }: { url?: unknown } = Object(parseJson(await lineOf(server, /\{.*\}\n/)))
    port = new URL(String(url)).port
  })

  afterAll(async () => {
    const ended = endOf(server)
    server.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    expect(await readdir(join(directory, 'millrace-lake'))).not.toContain('server.json')
  })

  test('is queried: as a table, JSON and CSV', async () => {
    const sql = "select 1 as n, 9007199254740993 as big, chr(27) || '[31m' as red, null::varchar as nothing"
    const [table, json, csv] = await Promise.all([
      run('query', sql),
      run('query', sql, '--output', 'json'),
      run('--output', 'csv', 'query', sql),
    ])

    expect(table.out).toBe(
      'n               big  red       nothing\n-  ----------------  --------  -------\n1  9007199254740993  \\x1b[31m  NULL\n',
    )
    expect(json.out).toBe('[\n{"n":1,"big":9007199254740993,"red":"\\u001b[31m","nothing":null}\n]\n')
    expect(csv.out).toBe('n,big,red,nothing\n1,9007199254740993,\u001B[31m,\n')
  })

  test('takes statements from standard input, and such as begin with a comment', async () => {
    const child = start('query', '-', '--output', 'csv')
    child.stdin?.end('select count(*) as rows from vpc_flow_logs')
    const [piped, commented] = await Promise.all([
      endOf(child),
      run('query', '-- how many\nselect 2 as x', '--output', 'csv'),
    ])

    expect(piped).toMatchObject({ code: 0, out: 'rows\n3001\n', err: '' })
    expect(commented).toMatchObject({ code: 0, out: 'x\n2\n', err: '' })
  })

  test('runs scripts', async () => {
    const child = start('run', '-', '--output', 'json')
    child.stdin?.end('create warehouse w; show warehouses; select 9007199254740993 as big; drop warehouse v')
    const ended = await endOf(child)

    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^millrace: line 1: WAREHOUSE V does not exist/),
    })
    expect(parseJson(ended.out)).toMatchObject([
      { statement: { line: 1, column: 1, text: 'create warehouse w' }, rows: [{ status: expect.any(String) }] },
      { rows: [{ name: 'W' }] },
      { columns: [{ name: 'big', type: 'BIGINT' }], rows: [{ big: 9007199254740993n }], truncated: false },
    ])
  })

  test('is a program by itself, as npx starts it', () => {
    expect(execFileSync(cli, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('says what there is', async () => {
    const [status, history, rejects, doctor] = await Promise.all([
      run('status'),
      run('history', '--output', 'csv', '--limit', '2'),
      run('rejects', '--output', 'json'),
      run('doctor'),
    ])
    const replay = await run('rejects', '--replay', '--output', 'json')

    expect(status.out).toMatch(/^rows +3001$/m)
    expect(status.out).toMatch(/^vpc_flow_logs +3001 +2 +5 /m)
    expect(history.out.trimEnd().split('\n')).toHaveLength(3)
    expect(parseJson(rejects.out)).toMatchObject([
      { line: 2, raw: '2 111122223333' },
      { line: 4, raw: 'wrong' },
    ])
    expect(doctor.out).toMatch(/^level +subject +message +mend$/m)
    expect(parseJson(replay.out)).toEqual({ replayed: 2, rows: 0, rejects: 2 })
  })

  test('answers named queries with parameters, and lists them', async () => {
    const [list, named, unknown, wrong] = await Promise.all([
      run('query', '--list', '--output', 'csv'),
      run('query', '--name', 'top-sources', '--param', 'from=2000-01-01', '--param', 'limit=2', '--output', 'csv'),
      run('query', '--name', 'top-sauces'),
      run('query', '--name', 'top-sources', '--param', 'limit=many'),
    ])

    expect(list.out).toMatch(/^top-sources,Top talkers by source,from=-30d to=now /m)
    expect(named).toMatchObject({ code: 0, err: '' })
    expect(named.out.trimEnd().split('\n')).toHaveLength(3)
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Similar: ') })
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('limit=many is not a whole number') })
  })

  test('says why traffic does or does not arrive', async () => {
    const found = await run(
      'query',
      '--output',
      'json',
      "select srcaddr, dstaddr, dstport from vpc_flow_logs where action = 'REJECT' limit 1",
    )
    const [{ srcaddr, dstaddr, dstport }] = z
      .array(z.object({ srcaddr: z.string(), dstaddr: z.string(), dstport: z.number() }))
      .length(1)
      .transform(([one]) => [one ?? { srcaddr: '', dstaddr: '', dstport: 0 }] as const)
      .parse(parseJson(found.out))
    const asked = ['why', srcaddr, dstaddr, String(dstport), '--from', '2000-01-01']
    const [answer, json, name] = await Promise.all([
      run(...asked),
      run(...asked, '--output', 'json'),
      run('why', 'db.internal', '10.0.0.1'),
    ])

    expect(answer).toMatchObject({ code: 0, err: '' })
    expect(answer.out).toMatch(/is rejected[^]*\nLook at\n[^]*\nSeen\n[^]*\nFlow logs cannot tell\n/)
    expect(parseJson(json.out)).toMatchObject({ verdict: expect.stringMatching(/^rejected/) })
    expect(name).toMatchObject({ code: 2, err: expect.stringContaining('resolve it first') })
  })

  test('is not served twice, nor another at its port', async () => {
    const [busy, occupied] = await Promise.all([
      run('serve', '--port', '0'),
      run('serve', '--port', port, '--lake', join(directory, 'third')),
    ])

    expect(busy).toMatchObject({ code: 2, err: expect.stringContaining('served already') })
    expect(occupied).toMatchObject({ code: 2, err: expect.stringMatching(`Port ${port} .*--port`) })
  })

  test('is copied, and the copy restores into another lake', async () => {
    const backup = await run('backup', 'backup', '--output', 'json')
    const restored = await run('restore', 'backup', '--lake', join(directory, 'restored'), '--output', 'json')

    expect(parseJson(backup.out)).toMatchObject({ directory: expect.stringMatching(/backup$/), files: 5, rows: 3001 })
    expect(parseJson(restored.out)).toMatchObject({ files: 5, rows: 3001 })
  })
})

test('the demo loads its samples, serves them, and keeps live logs coming', async () => {
  const demo = start('demo', '--port', '0')
  const ended = endOf(demo)
  const url = (await lineOf(demo, /http:\S+[\s\S]*\n.*query.*\n.*query.*\n/)).split(' ')[0] ?? ''
  const rows = async (): Promise<number> =>
    Number(/^millrace_rows_loaded_total (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1])

  const first = await rows()
  expect(first).toBeGreaterThanOrEqual(240_000)
  await expect.poll(rows, { timeout: 20_000, interval: 300 }).toBeGreaterThan(first)
  demo.kill('SIGINT')
  expect((await ended).code).toBe(0)
  expect(existsSync(join(directory, 'millrace-demo', 'samples', 'vpc-flow-logs.json'))).toBe(true)
})
