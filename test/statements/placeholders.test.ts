import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readScript, splitScript } from '../../src/sql/script.ts'
import { failureOf } from './failure.ts'

const fill = (script: string, values: Readonly<Record<string, string>> = {}): string =>
  splitScript(script, { values })
    .map(({ text }) => text)
    .join(';')

describe('placeholders are filled in every form, everywhere but in comments', () => {
  test.each([
    ["select '<A>', '${A}', '&A', '&{A}', 'x&A'", "select '1', '1', '1', '1', 'x1'"],
    ['select <A>, ${A}, &A, &{A}', 'select 1, 1, 1, 1'],
    ['select "<A>" from t_<A>.t_${A} where a <A> b', 'select "1" from t_1.t_1 where a 1 b'],
    ['list @<A>/<A>/x', 'list @1/1/x'],
    ['list @s/<A>/&A/', 'list @s/1/1/'],
    ['select $$<A> ${A}$$', 'select $$1 1$$'],
    ['select 1 /* <A> ${A} &A */ + 1 -- <A>\n, 2', 'select 1 /* <A> ${A} &A */ + 1 -- <A>\n, 2'],
    ["select 'a &&A b', '?a=1&A=2'", "select 'a &&A b', '?a=11=2'"],
    ["select '(?<A>x)', '(?P<A>x)', '\\\\k<A>'", "select '(?<A>x)', '(?P<A>x)', '\\\\k<A>'"],
    ['select <constructor>', 'select f'],
  ])('%s', (script, filled) => {
    expect(fill(script, { A: '1', constructor: 'f' })).toBe(filled)
  })

  test('a value can be of any length and hold anything, also what looks like a placeholder', () => {
    expect(fill("select '<A><B>'; <B>", { A: '', B: "<A>' || '" })).toBe("select '<A>' || '';<A>' || '")
  })
})

describe('one without a value is an error where it can be nothing else', () => {
  test.each([
    ["create stage s\n  url = 's3://<BUCKET>/'", '<BUCKET>', { offset: 29, line: 2, column: 15 }],
    ["select '${X}'", '${X}', { offset: 8, line: 1, column: 9 }],
    ["select 'a&{X}b'", '&{X}', { offset: 9, line: 1, column: 10 }],
    ["select 's3://&X/'", '&X', { offset: 13, line: 1, column: 14 }],
    ["select 's3://a/&X'", '&X', { offset: 15, line: 1, column: 16 }],
    ["select '&X'", '&X', { offset: 8, line: 1, column: 9 }],
    ['use database &X', '&X', { offset: 13, line: 1, column: 14 }],
    ['copy into <X> from @s', '<X>', { offset: 10, line: 1, column: 11 }],
    ['alter pipe <X> refresh', '<X>', { offset: 11, line: 1, column: 12 }],
    ['select * from a.<X>', '<X>', { offset: 16, line: 1, column: 17 }],
    ['select * from logs_<X> where a', '<X>', { offset: 19, line: 1, column: 20 }],
    ['select a${X}', '${X}', { offset: 8, line: 1, column: 9 }],
    ['list @<X>/a', '<X>', { offset: 6, line: 1, column: 7 }],
    ['list @s/<X>/a', '<X>', { offset: 8, line: 1, column: 9 }],
    ['select "<X>"', '<X>', { offset: 8, line: 1, column: 9 }],
    ['create table t as select * from t where a = <X>', '<X>', { offset: 44, line: 1, column: 45 }],
  ])('%s', (script, written, place) => {
    const name = written.replaceAll(/[^\w]/g, '')
    expect(failureOf(() => splitScript(script, { values: { x: '1', bucket: '2' } }))).toMatchObject({
      message: `line ${place.line}: the placeholder ${written} has no value; give it with --set ${name}=VALUE, or with --set '${name}=${written}' where the text is meant as it stands`,
      place,
    })
  })

  test('several are named in one error, at the first', () => {
    expect(
      failureOf(() => splitScript("select 1;\nselect '<A>', '${B}', '<C>', '<A>'", { values: { C: '' } })),
    ).toMatchObject({
      message: 'line 2: the placeholders <A>, ${B} have no values; give each with --set NAME=VALUE',
      place: { offset: 18, line: 2, column: 9 },
    })
  })

  test('its own text can be its value', () => {
    expect(fill("select '%<script>%'", { script: '<script>' })).toBe("select '%<script>%'")
  })
})

describe('the same characters with a meaning of their own are left alone', () => {
  test.each([
    'select a<b, a < NAME > 3, a<>b, a <= b',
    // A comparison of a comparison: rare, but SQL, so it is left; with a value for b it would be filled.
    'select a <b> c, a<b>c, 1<b>2, (a)<b>(c), "a"<b>c from t',
    'create table t (a array<string>)',
    'select flags&mask, flags &mask, (a)&b, 1 & b, a && b',
    "select 'https://host/path?a=1&b=2', '?prefix=a/&delimiter=/', 'AT&T', 'R &amp; D', '&nbsp;', '%&uploads%', 'a & b', 'Q&A'",
    "select regexp_extract(a, '(?<year>[0-9]{4})-(?P<month>..)', 'year'), '\\\\k<year>'",
    'create function f() returns varchar language javascript as $$ return `<b>${NAME}</b>` + "&x" $$',
    "create file format f type = vpc_flow_logs log_format = '${version} ${account-id} ${srcaddr}'",
    'select $1, $name, t.$2',
    '-- <NAME>\nselect 1',
  ])('%s', (script) => {
    expect(fill(script)).toBe(script.replace('-- <NAME>\n', ''))
  })
})

test('places are those of the script as it was written, whatever the values', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/['\\]/g, '')),
      (value) => {
        const script = "select '<A>', 1 ;\n select '<A>' <A2>;\n /* <A> */ select 2; drop <A2> s oops"
        const places = (run: () => unknown): unknown => failureOf(run).place

        expect(
          splitScript(script.replace('oops', ''), { values: { A: value, A2: 'stage' } }).map(({ place }) => place),
        ).toEqual([
          { offset: 0, line: 1, column: 1 },
          { offset: 19, line: 2, column: 2 },
          { offset: 49, line: 3, column: 12 },
          { offset: 59, line: 3, column: 22 },
        ])
        expect(places(() => readScript(script, { values: { A: value, A2: 'stage' } }))).toEqual({
          offset: 71,
          line: 3,
          column: 34,
        })
        // Within a value, the place is the placeholder's.
        expect(places(() => readScript('drop\n <A> t', { values: { A: 'stage s extra' } }))).toEqual({
          offset: 6,
          line: 2,
          column: 2,
        })
      },
    ),
  )
})
