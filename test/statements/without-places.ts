/** A value without the places in it, which differ between a statement and the same printed. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'place')
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutPlaces(inner)]))
}
