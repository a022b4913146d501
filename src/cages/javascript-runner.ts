/** What reads a function within QuickJS: gives a function from the text of a batch to the text of what it gave. */
export const javascriptRunner = `
(() => {
  'use strict'
  const json = JSON.stringify
  const { parse } = JSON
  // A lone surrogate, as cutting a text makes it, is no character: U+FFFD stands for it.
  const stringify = (value) => {
    const text = json(value)
    return text !== undefined && text.includes('\\\\ud') ? text.replace(/\\\\(ud[89a-f]..|.)/g, (escape, of) => (of.length > 1 ? '\\\\ufffd' : escape)) : text
  }
  const { isArray } = Array
  const readers = {
    __proto__: null,
    integer: Number,
    decimal: Number,
    float: Number,
    boolean: (text) => text === 'true',
    date: (text) => new Date(text + 'T00:00:00Z'),
    timestamp: (text) => new Date(text.replace(' ', 'T') + 'Z'),
    variant: parse,
  }
  const made = Function
  const place = (stack) => /<body>:(\\d+)/.exec(stack || '')?.[1]

  return (definition) => {
    const { code, isTable, isStrict, arguments: list, columns } = parse(definition)
    const names = list.map((one) => one.name)
    const take = list.map((one) => readers[one.kind])
    const isVariant = columns.map((one) => one.kind === 'variant')
    const indexes = new Map(columns.map((one, index) => [one.name, index]))

    const isLater = (value) => value !== null && typeof value === 'object' && (typeof value.then === 'function' || typeof value.next === 'function')

    const given = (value, index) => {
      if (value === undefined || value === null) return null
      if (isLater(value)) throw new TypeError('a promise or a generator has no form in a table; give what it comes to')
      if (isVariant[index]) return stringify(value)
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
      if (typeof value === 'bigint') return String(value)
      if (typeof value === 'function' || typeof value === 'symbol')
        throw new TypeError('a ' + typeof value + ' has no form in a table')
      return value
    }

    const rowOf = (number, row) => {
      if (row === null || typeof row !== 'object') throw new TypeError('writeRow takes an object with a key for each column')
      const values = new Array(columns.length).fill(null)
      for (const key of Object.keys(row)) {
        const index = indexes.get(key)
        if (index === undefined) throw new TypeError('writeRow is given ' + key + ', and the table has no such column: ' + [...indexes.keys()].join(', '))
        values[index] = given(row[key], index)
      }
      return [number, values]
    }

    const tableCalls = (numbers, tuples) => {
      const table = made('return (\\n' + code.replace(/;\\s*$/, '') + '\\n)')()
      if (table === null || typeof table !== 'object' || typeof table.processRow !== 'function')
        throw new TypeError('the body is no object with a function processRow, which a function that returns a table has')
      const out = []
      const kinds = Object.fromEntries(list.map((one) => [one.name, { type: one.kind, isConst: false }]))
      const each = typeof table.finalize === 'function'
      if (!each && typeof table.initialize === 'function') table.initialize(kinds, {})
      let number
      const writer = { writeRow: (row) => { out.push(rowOf(number, row)) } }
      for (let index = 0; index < numbers.length; index++) {
        number = numbers[index]
        const values = tuples[index]
        if (each && typeof table.initialize === 'function') table.initialize(kinds, {})
        if (!(isStrict && values.includes(null))) {
          const row = {}
          for (let at = 0; at < names.length; at++) row[names[at]] = values[at]
          if (isLater(table.processRow(row, writer, {})))
            throw new TypeError('processRow is async or a generator, which nobody waits for; make it a plain function')
        }
        if (each) table.finalize(writer, {})
      }
      return out
    }

    const valueCalls = (numbers, tuples) => {
      const call = made(...names, code)
      const out = []
      for (let index = 0; index < numbers.length; index++) {
        const values = tuples[index]
        out[index] = [numbers[index], [isStrict && values.includes(null) ? null : given(call(...values), 0)]]
      }
      return out
    }

    const run = isTable ? tableCalls : valueCalls
    return (text) => {
      const [numbers, ...texts] = parse(text)
      const made = texts.map((column, index) => {
        const reader = take[index]
        return reader === undefined ? column : column.map((one) => (one === null ? null : reader(one)))
      })
      const tuples = numbers.map((_, index) => made.map((column) => column[index]))
      const rows = run(numbers, tuples)
      const lines = []
      for (let from = 0; from < rows.length; from += 1000) {
        const line = { n: [], r: [] }
        for (let at = from; at < rows.length && at < from + 1000; at++) {
          line.n[at - from] = rows[at][0]
          line.r[at - from] = rows[at][1]
        }
        lines[lines.length] = stringify(line)
      }
      return lines.join('\\n')
    }
  }
})()
`
