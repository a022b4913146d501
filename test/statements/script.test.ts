import { expect, test } from 'vitest'
import { parseStatement, readScript, splitScript } from '../../src/sql/script.ts'
import { printStatement } from '../../src/sql/statement/registry.ts'
import type { Dialect } from '../../src/sql/dialects.ts'
import { failureOf } from './failure.ts'

const texts = (script: string, dialect?: Dialect): string[] => splitScript(script, { dialect }).map(({ text }) => text)

test('statements are parted at semicolons, with their places; empty ones are dropped', () => {
  const parts = splitScript(' ;; select 1;\r\n-- a; b\n  select\n 2 ;/* ; */;\n\tselect 3')

  expect(parts).toEqual([
    { text: 'select 1', place: { offset: 4, line: 1, column: 5 } },
    { text: 'select\n 2', place: { offset: 25, line: 3, column: 3 } },
    { text: 'select 3', place: { offset: 46, line: 5, column: 2 } },
  ])
  expect(splitScript(' -- nothing')).toEqual([])
  expect(splitScript('')).toEqual([])
})

test.each([
  ["select ';', 'it''s; here', 'it\\'s; there'; select 2", ["select ';', 'it''s; here', 'it\\'s; there'", 'select 2']],
  ['select "a;b", "c"";d"; select 2', ['select "a;b", "c"";d"', 'select 2']],
  ['select 1 -- ;\n; select 2 // ;\n; select 3 /* ; */ + 1', ['select 1', 'select 2', 'select 3 /* ; */ + 1']],
  ['select $$a; $ b$$; select 2', ['select $$a; $ b$$', 'select 2']],
  [
    'select a.$1; select METADATA$FILENAME from @s/a//b--c; select 2',
    ['select a.$1', 'select METADATA$FILENAME from @s/a//b--c', 'select 2'],
  ],
  ['list @s;list @s//all\n;list @s/* all */', ['list @s', 'list @s', 'list @s']],
  ['begin; select 1; commit', ['begin', 'select 1', 'commit']],
  ['create view v as select begin from t; select 2', ['create view v as select begin from t', 'select 2']],
])('%s', (script, statements) => {
  expect(texts(script)).toEqual(statements)
})

test.each([
  ['duckdb', "select 'a\\'; select 2", ["select 'a\\'", 'select 2']],
  ['duckdb', "select E'a\\'; b'; select 7 // 2; select 2", ["select E'a\\'; b'", 'select 7 // 2', 'select 2']],
  ['duckdb', 'select 1 /* a /* b */ ; */; select 2', ['select 1', 'select 2']],
  ['duckdb', 'select $x$ a;$$ $x$; select $y', ['select $x$ a;$$ $x$', 'select $y']],
  ['trino', "select 'a\\'; select 1 /* /* */; select 2", ["select 'a\\'", 'select 1', 'select 2']],
  ['athena', 'select `a;b`; select 2', ['select `a;b`', 'select 2']],
] as const)('%s has its own rules: %s', (dialect, script, statements) => {
  expect(texts(script, dialect)).toEqual(statements)
})

test('BEGIN … END behind AS is one statement with its semicolons', () => {
  const block = `create or replace task t schedule = '1 minute' as
    begin
      if (a = 1) then select record:end, x.end, y as end from t; end if;
      for i in 1 to 3 do select 1; end for;
      case when b then select 2; else select case c when 1 then 2 end; end case;
      begin insert into t values (1); end;
    end`
  const declared = 'create task t as declare a int default case when b then 1 end; begin select 1; end'
  const held = 'create task t as begin begin transaction; select 1; commit; begin; select 2; commit; end'
  const altered = 'alter task t modify as begin select 1; select 2; end'

  expect(texts(`${block}; ${declared}; ${held}; ${altered}; select 1`)).toEqual([
    block,
    declared,
    held,
    altered,
    'select 1',
  ])
  expect(failureOf(() => splitScript('select 1;\ncreate task t as begin select 1; select 2;'))).toMatchObject({
    message: 'line 2: the block that begins here has no end; close it with END',
    place: { offset: 27, line: 2, column: 18 },
  })
})

test.each([
  [
    "select 1;\n  select 'it''s",
    "line 2: the text that begins here has no end; close it with '",
    { offset: 19, line: 2, column: 10 },
  ],
  ["select 'a\\'", "line 1: the text that begins here has no end; close it with '", { offset: 7, line: 1, column: 8 }],
  ['select "a""', 'line 1: the name that begins here has no end; close it with "', { offset: 7, line: 1, column: 8 }],
  [
    '\n/* a */ /* b',
    'line 2: the comment that begins here has no end; close it with */',
    { offset: 9, line: 2, column: 9 },
  ],
  [
    'select $$ a $',
    'line 1: the body that begins here has no end; close it with $$',
    { offset: 7, line: 1, column: 8 },
  ],
])('%s is an error with its place', (script, message, place) => {
  expect(failureOf(() => readScript(script))).toMatchObject({ code: 'STATEMENT_INVALID', exitCode: 2, message, place })
})

test('texts have the escapes of Snowflake, in its dialect', () => {
  const comment = (literal: string, dialect?: Dialect): unknown => {
    const statement = parseStatement(`create stage s comment = ${literal}`, { dialect })
    return statement.kind === 'create-stage' ? statement.options.comment : undefined
  }

  expect(comment(String.raw`'it''s \'here\' \"a\" \\ \n\t\r\b\f\0 \101\x41\u0041\ud83d\ude00 \. \%'`)).toBe(
    "it's 'here' \"a\" \\ \n\t\r\b\f\0 AAA😀 . %",
  )
  expect(comment(String.raw`$$it's \n$$`)).toBe(String.raw`it's \n`)
  expect(comment(String.raw`'a\n'`, 'duckdb')).toBe(String.raw`a\n`)
})

test('what is no pipeline statement is for the engine, as it stands', () => {
  for (const text of [
    'select 1',
    'with a as (select 1) from a',
    '(select 1) union all (select 2)',
    'create function f(a) as a + 1',
    'create macro f(a) as a + 1',
    "copy t to 'x'",
    'alter table t add column b int',
    'describe t',
    'describe stage',
    'describe select 1',
    'show t',
    'execute immediate $$ select 1; $$',
    '@',
  ])
    expect(readScript(` ${text} ;`), text).toEqual([
      {
        text,
        place: { offset: 1, line: 1, column: 2 },
        statement: { kind: 'sql', text, place: { offset: 1, line: 1, column: 2 } },
      },
    ])
})

test('a name that is no word is printed in quotes, whoever made it', () => {
  const name = [
    { text: 'a-b', quoted: false },
    { text: 'c', quoted: false },
  ]

  expect(printStatement({ kind: 'execute-task', name })).toBe('EXECUTE TASK "a-b".c')
})

test('one statement is asked for, and one is given', () => {
  expect(parseStatement(' drop stage s ; -- done')).toMatchObject({ kind: 'drop', object: 'STAGE' })
  expect(failureOf(() => parseStatement('-- nothing\n')).message).toBe('line 1: there is no statement here; write one')
  expect(failureOf(() => parseStatement('select 1;\nselect 2'))).toMatchObject({
    message: 'line 2: there is a second statement here; give one at a time',
    place: { offset: 10, line: 2, column: 1 },
  })
})
