import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { bashScript } from '../src/commands/completion/bash.ts'
import { fishScript } from '../src/commands/completion/fish.ts'
import { type ProgramWords, readWords } from '../src/commands/completion/words.ts'
import { zshScript } from '../src/commands/completion/zsh.ts'
import { verbs } from '../src/commands/list.ts'
import { csvText } from '../src/commands/output/csv.ts'
import { tableText } from '../src/commands/output/table.ts'
import { fitText, textWidth } from '../src/commands/output/width.ts'
import { moment } from '../src/commands/terminal/flags.ts'
import { createProgram } from '../src/commands/terminal/program.ts'

afterEach(() => {
  process.exitCode = undefined
})

const columns = [
  { name: 'name', type: 'VARCHAR' },
  { name: 'count', type: 'BIGINT' },
]

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  const parts: string[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return parts.join('')
}

test('a table aligns its columns, numbers to the right, whatever the width of the characters', async () => {
  const rows = [
    { name: 'a', count: 5 },
    { name: '日本', count: 12_345n },
    { name: 'e\u0301', count: null },
  ]

  expect(await joined(tableText(columns, rows, Infinity))).toBe(
    ['name  count', '----  -----', 'a         5', '日本  12345', 'e\u0301      NULL', ''].join('\n'),
  )
})

test('a table shows escape sequences and reversed text as escapes, in heads too', async () => {
  const hostile = [{ name: '\u001B]0;title\u0007\u202Eevil\r\n', 'x\u001B[2J': 1 }]

  const text = await joined(
    tableText(
      [
        { name: 'name', type: 'VARCHAR' },
        { name: 'x\u001B[2J', type: 'INTEGER' },
      ],
      hostile,
      Infinity,
    ),
  )

  expect(text).toContain(String.raw`\x1b]0;title\x07\u202eevil\r\n`)
  expect(text).toContain(String.raw`x\x1b[2J`)
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u)
})

test('a table of many rows is written as they come', async () => {
  const made = { count: 0 }
  function* rows(): Generator<object> {
    for (; made.count < 5000; made.count++) yield { name: `row ${made.count}`, count: made.count }
  }

  const chunks = tableText(columns, rows(), Infinity)
  await chunks.next()

  expect(made.count).toBeLessThan(1001)
  await chunks.return()
})

test('an empty table still has its heads', async () => {
  expect(await joined(tableText(columns, [], Infinity))).toBe('name  count\n----  -----\n')
})

test('text is measured and cut by what it takes on a terminal', () => {
  expect(textWidth('日本 👩‍💻 e\u0301')).toBe(9)
  expect(fitText('日本語のテキスト', 7)).toBe('日本語…')
})

test('CSV quotes what it must, tells empty text from NULL, and leaves controls alone in a pipe only', async () => {
  const rows = [
    { name: 'plain', count: 1 },
    { name: 'with "quotes", and\nlines', count: 2n ** 70n },
    { name: '', count: null },
    { name: '=1+1\u001B[0m', count: null },
  ]

  expect(await joined(csvText(columns, rows, false))).toBe(
    'name,count\nplain,1\n"with ""quotes"", and\nlines",1180591620717411303424\n"",\n=1+1\u001B[0m,\n',
  )
  expect(await joined(csvText(columns, rows, true))).toContain(String.raw`=1+1\x1b[0m`)
})

test('times without a zone are UTC', () => {
  expect(
    ['2026-11-20', '2026-11-20 12:00', '2026-11-20T12:00:00', '2026-11-20T14:00:00+02:00'].map((text) =>
      moment(text).toISOString(),
    ),
  ).toEqual([
    '2026-11-20T00:00:00.000Z',
    '2026-11-20T12:00:00.000Z',
    '2026-11-20T12:00:00.000Z',
    '2026-11-20T12:00:00.000Z',
  ])
  expect(() => moment('yesterday')).toThrow('date')
})

async function words(): Promise<ProgramWords> {
  return readWords(await createProgram(Object.keys(verbs)))
}

/** What bash offers for the last word. */
async function completions(...line: string[]): Promise<string[]> {
  const call = `COMP_WORDS=(millrace ${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length}; _millrace; printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = execFileSync('bash', ['-c', `${bashScript(await words())}\n${call}`], { encoding: 'utf8' })
  return output.split('\n').filter((word) => word !== '')
}

test('bash completes verbs, flags before and after the verb, and choices', async () => {
  expect(await completions('re')).toEqual(['rejects', 'restore'])
  expect(await completions('--output', 'j')).toEqual(['json'])
  expect(await completions('load', '--on-e')).toEqual(['--on-error'])
  expect(await completions('--quiet', 'load', '--type', 'vpc')).toEqual(['vpc-flow-logs'])
  expect(await completions('load', '--la')).toEqual(['--lake'])
  expect(await completions('completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('the scripts of every shell name every verb and its options', async () => {
  const known = await words()

  for (const script of [bashScript(known), zshScript(known), fishScript(known)]) {
    for (const name of Object.keys(verbs)) expect(script).toContain(name)
    for (const option of ['on-error', 'skip-file', 's3-access-logs', 'accept-change']) expect(script).toContain(option)
  }
})

test('every verb says what it does, what its options mean, and gives an example', async () => {
  const program = await createProgram(Object.keys(verbs))

  for (const verb of program.commands) {
    expect(verb.description()).toMatch(/^[A-Z].*\.$/)
    for (const option of verb.options) expect(option.description).not.toBe('')
    const help: string[] = []
    verb.configureOutput({ writeOut: (text) => help.push(text) })
    verb.outputHelp()
    expect(help.join('')).toMatch(/Examples?:\n {2}millrace /)
  }
})
