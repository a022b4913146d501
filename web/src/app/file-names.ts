const maxLength = 64

/** A file's name from a title: `Traffic of Team A` becomes `traffic-of-team-a`. A title without a letter of these gives `otherwise`. */
export function fileNameOf(title: string, otherwise: string): string {
  const name = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, maxLength)
    .replace(/-+$/, '')
  return name === '' ? otherwise : name
}

/** A name that is not taken: with a number behind it where needed. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  for (let number = 2; ; number++) {
    const candidate = `${name.slice(0, maxLength - 6)}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}
