import { failed } from '../execution/failure.ts'

/** What COPY and LIST leave out of a path before they match it: the bucket. A pipe leaves out the stage's own path. */
export function patternRoot(url: string): string {
  return /^s3\w*:\/\/[^/]+\//.exec(url)?.[0] ?? url
}

/** PATTERN, a regular expression of Java's that must match all of the path behind `root`. What only Java knows of them is an error. */
export function stagePattern(pattern: string | undefined, root: string): (uri: string) => boolean {
  if (pattern === undefined) return () => true
  const expression = compiled(pattern)
  const start = root.replace(/^file:\/\//, '').replace(/^s3(gov|china|compat):/, 's3:')
  return (uri) => expression.test(uri.startsWith(start) ? uri.slice(start.length) : uri)
}

function compiled(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern) ?? []
  // Possessive quantifiers, atomic groups, flags within and classes within classes are Java's alone.
  const own = /\(\?>|[*+?}]\+|\(\?[a-z]+[):]|\\[AZzGQE]|\\p\{(?:Is|In|java)|&&/.exec(rest)
  try {
    if (own === null) return new RegExp(`^(?:${rest})$`, `u${flags}`)
  } catch {
    // Told below.
  }
  throw failed(
    `PATTERN = '${pattern}' cannot be read as a regular expression${own === null ? '' : ` (${own[0]})`}; write it without what only Java knows`,
  )
}
