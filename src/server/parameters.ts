/** What stands behind the path of a request: each option that is given. */
export function parameters(options: object): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(options)) if (value !== undefined) given.set(name, String(value))
  return `?${given.toString()}`
}
