// What JSON.stringify leaves as it is and a terminal would act upon.
const unsafeInJson = /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const plainText = /^[ !#-[\]-~]*$/

function stringifyText(text: string): string {
  if (plainText.test(text)) return `"${text}"`
  return JSON.stringify(text).replaceAll(unsafeInJson, unicodeEscape)
}

function stringifyNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  // A long run of digits is left to bigints: that tells the two apart when read.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
}

/**
 * JSON in which a bigint is a bare integer. Numbers of type double beyond 2^53 have an exponent, so an integer literal
 * beyond 2^53 is always a bigint. Controls beyond ASCII are escaped, so the text is safe on a terminal.
 */
export function stringifyJson(value: unknown): string {
  if (typeof value === 'string') return stringifyText(value)
  if (typeof value === 'number') return stringifyNumber(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'object' && value !== null) return stringifyObject(value)
  return 'null'
}

function stringifyObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(',')}]`
  if (value instanceof Date) return stringifyText(value.toISOString())
  let members = ''
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members += `${members === '' ? '' : ','}${stringifyText(name)}:${stringifyJson(member)}`
  }
  return `{${members}}`
}

const longInteger = /(?:^|[[,:\s])-?\d{16,}\s*(?:$|[\],}])/

/** Reads JSON; integers beyond 2^53 become bigint. Throws a SyntaxError as JSON.parse does. */
export function parseJson(text: string): unknown {
  if (!longInteger.test(text)) return JSON.parse(text)
  const reader = new JsonReader(text)
  return reader.read()
}

const space = /[ \t\n\r]*/y
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]/y

/** Node 20 shows a reviver no source text, so numbers are met here before JSON.parse rounds them. */
class JsonReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  read(): unknown {
    const value = this.value(this.next())
    this.skipSpace()
    if (this.at < this.text.length) throw this.fault()
    return value
  }

  private value(found: string): unknown {
    if (found === '[') return this.array()
    if (found === '{') return this.object()
    if (/^-?(?:0|[1-9]\d*)$/.test(found) && !Number.isSafeInteger(Number(found))) return BigInt(found)
    return JSON.parse(found)
  }

  private array(): unknown[] {
    const values: unknown[] = []
    let found = this.next()
    if (found === ']') return values
    for (;;) {
      values.push(this.value(found))
      const separator = this.next()
      if (separator === ']') return values
      if (separator !== ',') throw this.fault()
      found = this.next()
    }
  }

  private object(): object {
    const members: [string, unknown][] = []
    let found = this.next()
    while (found !== '}') {
      const name: unknown = JSON.parse(found)
      if (typeof name !== 'string' || this.next() !== ':') throw this.fault()
      members.push([name, this.value(this.next())])
      found = this.next()
      if (found !== ',' && found !== '}') throw this.fault()
      if (found === ',') found = this.next()
    }
    return Object.fromEntries(members)
  }

  private next(): string {
    this.skipSpace()
    token.lastIndex = this.at
    const found = token.exec(this.text)
    if (found === null) throw this.fault()
    this.at = token.lastIndex
    return found[0]
  }

  private skipSpace(): void {
    space.lastIndex = this.at
    space.exec(this.text)
    this.at = space.lastIndex
  }

  private fault(): SyntaxError {
    return new SyntaxError(`Not JSON at character ${this.at}.`)
  }
}
