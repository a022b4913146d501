/** Puts values into a text. Of two words the first is for one, the second for any other number. */
export function filled(pattern: string, values: Readonly<Record<string, string | number>>): string {
  return pattern.replaceAll(
    /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g,
    (whole, name: string, one: string | undefined, many: string | undefined) => {
      const value = String(values[name] ?? whole)
      return one === undefined || many === undefined ? value : value === '1' ? one : many
    },
  )
}
