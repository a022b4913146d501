/** A name as SQL takes it, whatever it holds. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && name !== 'end' ? name : `"${name.replaceAll('"', '""')}"`
}
