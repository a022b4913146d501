// Controls, and format characters that turn or hide text; joiners stay, since scripts and emoji need them.
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const short: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` }

function escaped(character: string): string {
  const known = short[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** Text as it may be shown: escape sequences, other controls, and characters that reverse or hide text appear as `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replaceAll(hidden, escaped)
}
