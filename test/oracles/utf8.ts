/** Unicode table 3-7, "Well-Formed UTF-8 Byte Sequences", for byte strings: one character for each byte. */
const wellFormed = [
  String.raw`[\x00-\x7f]+`,
  String.raw`[\xc2-\xdf][\x80-\xbf]`,
  String.raw`\xe0[\xa0-\xbf][\x80-\xbf]`,
  String.raw`[\xe1-\xec][\x80-\xbf][\x80-\xbf]`,
  String.raw`\xed[\x80-\x9f][\x80-\xbf]`,
  String.raw`[\xee-\xef][\x80-\xbf][\x80-\xbf]`,
  String.raw`\xf0[\x90-\xbf][\x80-\xbf][\x80-\xbf]`,
  String.raw`[\xf1-\xf3][\x80-\xbf][\x80-\xbf][\x80-\xbf]`,
  String.raw`\xf4[\x80-\x8f][\x80-\xbf][\x80-\xbf]`,
].join('|')

const sequenceOrBadByte = new RegExp(`(${wellFormed})|[^]`, 'g')
const nonAscii = /[^\0-\x7f]/
const replacement = '\xef\xbf\xbd'

/** Every byte that does not belong to a well-formed sequence becomes the bytes of U+FFFD. */
export function replaceBadBytes(bytes: string): string {
  if (!nonAscii.test(bytes)) return bytes
  return bytes.replace(sequenceOrBadByte, (all: string, sequence: string | undefined) =>
    sequence === undefined ? replacement : all,
  )
}

export function isUtf8(bytes: string): boolean {
  return replaceBadBytes(bytes).length === bytes.length
}

/** The text of well-formed bytes. */
export function decodeUtf8(bytes: string): string {
  return nonAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
}
