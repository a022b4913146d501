/** The word that a misspelled one was probably meant to be: with one letter wrong, two in long words. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined
  const limit = word.length < 3 ? 0 : word.length < 8 ? 1 : 2
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word.toUpperCase(), candidate.toUpperCase()) }))
    .filter((one) => one.distance <= limit)
    .toSorted((one, other) => one.distance - other.distance)
  return ranked[0]?.candidate
}

/** Letters to insert, delete, replace or swap with their neighbour ("optimal string alignment"). */
function distance(one: string, other: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforePrevious[column - 2] ?? 0) + 1 : Infinity,
      )
    }
    beforePrevious = previous
    previous = current
  }
  return previous[other.length] ?? Infinity
}

/** ` (did you mean X?)` where a word is close to a known one. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined || near.toUpperCase() === word.toUpperCase() ? '' : ` (did you mean ${near}?)`
}
