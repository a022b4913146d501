import { MillraceError } from '../errors.ts'
import { ServiceFailure } from './service-failure.ts'
import { type XmlElement, childOf, parseXml, textOf } from './xml.ts'

/** S3 deletes as many objects at once (API reference, DeleteObjects). */
export const deletedAtOnce = 1000

/** Whether XML can hold a key; others are deleted one by one. */
export function isXmlText(key: string): boolean {
  return /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(key)
}

/** The body of DeleteObjects. Its answer names only what was not deleted. */
export function deleteBody(keys: readonly string[]): string {
  const objects = keys.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`)
  return `<?xml version="1.0" encoding="UTF-8"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects.join('')}</Delete>`
}

/** What is still there, by key. `name` is what errors call the request. Throws SOURCE_REFUSED for what is no answer of DeleteObjects. */
export function readRefusals(body: string, name: string): Map<string, ServiceFailure> {
  const refusals = new Map<string, ServiceFailure>()
  for (const error of answerIn(body, 'DeleteResult', name).children) {
    if (error.name !== 'Error') continue
    const key = textOf(error, 'Key')
    if (key === undefined) throw broken(name, 'an error names no object')
    refusals.set(key, failureOf(error))
  }
  return refusals
}

/** The root of an answer. S3 also says 200 with an error in the body: that is thrown as a ServiceFailure. */
export function answerIn(body: string, root: string, name: string): XmlElement {
  let found: XmlElement
  try {
    found = parseXml(body.trimStart())
  } catch (error) {
    throw broken(name, 'it is no XML', error)
  }
  if (found.name === 'Error') throw failureOf(found)
  if (found.name !== root) throw broken(name, `it is no ${root}`)
  return found
}

function failureOf(error: XmlElement): ServiceFailure {
  const [code, message] = [childOf(error, 'Code')?.text ?? '', childOf(error, 'Message')?.text ?? '']
  return new ServiceFailure(
    200,
    {},
    `<Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>`,
  )
}

const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

/** Text within an element; line ends, which a reader would change, are written as numbers. */
function escaped(text: string): string {
  return text.replace(/[&<>"'\t\n\r\u0085\u2028]/g, (character) => {
    const name = names[character] ?? `#x${character.charCodeAt(0).toString(16).toUpperCase()}`
    return `&${name};`
  })
}

function broken(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `The answer for ${name} cannot be read: ${why}. If AWS_ENDPOINT_URL is set, see whether S3 is spoken there.`,
    cause,
  )
}
