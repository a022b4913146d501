import type { NamedQuery } from '../../api/lake.ts'

/** True where each word of what is looked for is in one of the texts. */
export function matches(find: string, ...texts: readonly string[]): boolean {
  const all = texts.join('\n').toLowerCase()
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}

/** Named queries under their log types; one of several types stands under the first. */
export function groupQueries(queries: readonly NamedQuery[]): ReadonlyMap<string, readonly NamedQuery[]> {
  const groups = new Map<string, NamedQuery[]>()
  for (const query of queries) {
    const type = query.logTypes[0] ?? ''
    groups.set(type, [...(groups.get(type) ?? []), query])
  }
  return groups
}
