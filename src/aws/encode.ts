const plainPath = /^[\w\-.~/]*$/
const plain = /^[\w\-.~]*$/

/**
 * Percent-encodes as Signature Version 4 wants it: everything but letters, digits and `-_.~`, byte by byte of UTF-8, in capitals.
 * Throws URIError for half a surrogate pair, which no S3 key can hold.
 */
export function encodePart(text: string): string {
  if (plain.test(text)) return text
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Encodes a path and leaves its slashes. `.`, `..` and `//` stay as they are: in S3 they are parts of a key. */
export function encodePath(path: string): string {
  return plainPath.test(path) ? path : path.split('/').map(encodePart).join('/')
}

/** A query in its canonical form (sorted, every parameter with a `=`), which serves as the query itself as well. */
export function encodeQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  const encoded: string[] = []
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) encoded.push(`${encodePart(name)}=${encodePart(value)}`)
  // The `=` sorts after `-` and digits, so names are compared alone.
  return encoded.toSorted((a, b) => compare(nameOf(a), nameOf(b))).join('&')
}

function nameOf(parameter: string): string {
  return parameter.slice(0, parameter.indexOf('='))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
