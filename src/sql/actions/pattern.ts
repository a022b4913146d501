import { canonicalUrl } from '../../stages/canonical.ts'
import { failed } from '../execution/failure.ts'

/** What COPY, LIST and REMOVE leave out of a path before they match it: the bucket, or the stage's folder of this machine. A pipe leaves out the stage's own path. */
export function patternRoot(url: string): string {
  return /^s3\w*:\/\/[^/]+\//.exec(url)?.[0] ?? url
}

/** PATTERN, a regular expression of Java's that must match all of the path behind `root`. What only Java knows of them is an error. */
export function stagePattern(pattern: string | undefined, root: string): (uri: string) => boolean {
  if (pattern === undefined) return () => true
  const expression = compiled(pattern)
  let start: string | undefined
  return (uri) => {
    start ??= canonicalUrl(root)
    return expression.test(uri.startsWith(start) ? uri.slice(start.length) : uri)
  }
}

function compiled(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern) ?? []
  // Possessive quantifiers, atomic groups, flags within and classes within classes are Java's alone.
  const withoutEscapes = rest.replaceAll(/\\./gs, '')
  const own =
    /\(\?>|[*+?}]\+|\(\?[a-z]+[):]|&&|\[[^\]]*\[/.exec(withoutEscapes) ?? /\\[AZzGQE]|\\p\{(?:Is|In|java)/.exec(rest)
  try {
    if (own === null) return new RegExp(`^(?:${plainEscapes(rest)})$`, `u${flags}`)
  } catch {
    // Told below.
  }
  throw failed(
    `PATTERN = '${pattern}' cannot be read as a regular expression${own === null ? '' : ` (${own[0]})`}; write it without what only Java knows`,
  )
}

/** Java lets a backslash stand before any sign; here only those that mean something else without it have one. */
function plainEscapes(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, (escape: string, sign: string) =>
    /[\s!"#%&',:;<=>@_`~-]/.test(sign) ? `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}` : escape,
  )
}
