import { expect, test } from 'vitest'
import { unwrapSlowly } from './unwrap.ts'

const control =
  '{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE"}]}'

test.each([
  { text: '', lines: [] },
  { text: '{"message":"a b"}', lines: ['a b'] },
  {
    text: `${event('a')}${event('b')}\n\n${event('c')} \r\n${envelope('d', 'e')}\n`,
    lines: ['a', 'b', 'c', 'd', 'e'],
  },
  { text: envelope('a', '') + control + envelope('b'), lines: ['a', '', '', 'b'] },
  { text: '{\n  "message": "a {\\"b\\": \\u00e9}"\n}\n', lines: ['a {"b": é}'] },
  { text: '{\n "x": 1\n}\n', lines: ['{  "x": 1 }'] },
  { text: '{"x":1}\n{"message":5}', lines: ['{"x":1}', '{"message":5}'] },
  { text: '{"messageType":"DATA_MESSAGE","logEvents":[]}', lines: ['{"messageType":"DATA_MESSAGE","logEvents":[]}'] },
  { text: `{"message":"a\n${event('b')}`, lines: ['{"message":"a', 'b'] },
  { text: `{"message":"a"\r\n${event('b')}`, lines: ['{"message":"a"', 'b'] },
  { text: `${event('a')} rest {\n2 - -\n${event('b')}`, lines: ['a', 'rest {', '2 - -', 'b'] },
  { text: `\ufeff${event('é€😀')}`, lines: ['é€😀'] },
])('$text gives $lines', ({ text, lines }) => {
  expect(unwrapSlowly(Buffer.from(text))).toEqual(lines)
})

function event(message: string): string {
  return JSON.stringify({ id: '1', timestamp: 1, message })
}

function envelope(...messages: readonly string[]): string {
  const events = messages.map(event).join(',')
  return `{"messageType":"DATA_MESSAGE","owner":"123456789012","logEvents":[${events}]}`
}
