const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '0': '\0' }

const escapes = /''|\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g

/**
 * The text that a literal stands for, without its quotes. Backslashes as in Snowflake's manual, "String & binary data types": a letter for a
 * control character, octal, hexadecimal and Unicode codes; before any other character a backslash is dropped.
 */
export function readLiteral(inner: string, backslashEscapes: boolean): string {
  if (!backslashEscapes) return inner.replaceAll("''", "'")
  return inner.replaceAll(
    escapes,
    (whole: string, octal?: string, hex?: string, unicode?: string, character?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      const code = hex ?? unicode
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      return character === undefined ? whole.slice(1) : (controls[character] ?? character)
    },
  )
}

const written: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\000',
  '\\': '\\\\',
  "'": "''",
}

/** Text as a literal of Snowflake's. */
export function printLiteral(text: string): string {
  return `'${text.replaceAll(/[\n\r\t\0\\']/g, (character) => written[character] ?? character)}'`
}
