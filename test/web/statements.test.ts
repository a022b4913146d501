import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../../web/src/api/connection.ts'
import { markOf } from '../../web/src/worksheets/editor/place.ts'
import { statementAt, statementsIn } from '../../web/src/worksheets/editor/statements.ts'

function textsOf(sql: string): string[] {
  return statementsIn(sql).map(({ from, to }) => sql.slice(from, to))
}

describe('statements of a text', () => {
  test.each([
    ['select 1', ['select 1']],
    ['  select 1 ;\n\nselect 2;;\n ; ', ['select 1', 'select 2']],
    ['', []],
    ['-- only; a comment\n/* and; another */', []],
    ["select 'a;b', \"c;d\", 'it''s;'; x", ["select 'a;b', \"c;d\", 'it''s;'", 'x']],
    ['select 1 -- one; two\n, 2; x', ['select 1 -- one; two\n, 2', 'x']],
    ['select /* a; /* b; */ c; */ 1; x', ['select /* a; /* b; */ c; */ 1', 'x']],
    ['select $$a;b$$, $q$c;$$;d$q$; x', ['select $$a;b$$, $q$c;$$;d$q$', 'x']],
    ["select e'\\';', '\\'; x", ["select e'\\';', '\\'", 'x']],
    ["select 'open; x", ["select 'open; x"]],
    ['select $1; select a$b$; x', ['select $1', 'select a$b$', 'x']],
    ['-- before\nselect 1 -- after', ['select 1']],
  ])('%s', (sql, expected) => {
    expect(textsOf(sql)).toEqual(expected)
  })

  test('joined by semicolons they are found again, whatever they hold', () => {
    const atom = fc.constantFrom(
      'select',
      '1',
      "';'",
      "'it''s'",
      '";"',
      '-- ;\n1',
      '/* ; */ 1',
      '$$;$$',
      '$a$;$a$',
      "e'\\';'",
    )
    const statement = fc.array(atom, { minLength: 1, maxLength: 6 }).map((atoms) => `select ${atoms.join(' ')}`)
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(textsOf(statements.join(';\n'))).toEqual(statements)
      }),
    )
  })

  test('in any text they lie in order, apart, and the one at a position is one of them', () => {
    const text = fc.string({ unit: fc.constantFrom(';', "'", '"', '$', '-', '/', '*', '\n', 'a', ' ', 'e', '\\') })
    fc.assert(
      fc.property(text, fc.nat(), (sql, place) => {
        const statements = statementsIn(sql)
        for (const [index, { from, to }] of statements.entries()) {
          expect(from).toBeLessThan(to)
          expect(from).toBeGreaterThanOrEqual(statements[index - 1]?.to ?? 0)
        }
        const at = statementAt(sql, place % (sql.length + 1))
        if (statements.length === 0) expect(at).toBeUndefined()
        else expect(statements).toContainEqual(at)
      }),
    )
  })

  test.each([
    [0, 'one'],
    [3, 'one'],
    [4, 'one'],
    [5, 'two'],
    [8, 'two'],
    [9, 'two'],
    [11, 'two'],
  ])('the one at position %i is %s', (position, expected) => {
    const sql = 'one;\ntwo;\n\n'
    const { from, to } = statementAt(sql, position) ?? { from: 0, to: 0 }

    expect(sql.slice(from, to)).toBe(expected)
  })
})

describe('the mark of a failure', () => {
  const sql = 'select 1;\nselect srcaddr,\n  nothing, "odd name"\nfrom x;'
  const [, { from, to } = { from: 0, to: 0 }] = statementsIn(sql)

  function marked(line: number, column: number): string | undefined {
    const mark = markOf(sql.slice(from, to), from, { place: { line, column } })
    return mark === undefined ? undefined : sql.slice(mark.from, mark.to)
  }

  test('is the word at the place in what was sent, where it stands in the editor', () => {
    expect(marked(1, 1)).toBe('select')
    expect(marked(2, 3)).toBe('nothing')
    expect(marked(2, 12)).toBe('"odd name"')
    expect(marked(2, 10)).toBe(',')
  })

  test('at an end is what stands before it; without a place there is none', () => {
    expect(marked(3, 7)).toBe('x')
    expect(marked(9, 1)).toBe('x')
    expect(markOf('select', 0, new ApiError('SQL_FAILED', 'no place'))).toBeUndefined()
    expect(markOf('', 5, { place: { line: 1, column: 1 } })).toBeUndefined()
  })

  test('lies within what was sent, for any place', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(50),
        fc.integer({ min: 1 }),
        fc.integer({ min: 1 }),
        (sent, offset, line, column) => {
          const mark = markOf(sent, offset, { place: { line, column } })
          if (mark === undefined) return
          expect(mark.from).toBeGreaterThanOrEqual(offset)
          expect(mark.from).toBeLessThan(mark.to)
          expect(mark.to).toBeLessThanOrEqual(offset + sent.length)
        },
      ),
    )
  })
})
