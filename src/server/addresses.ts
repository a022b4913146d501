import { MillraceError } from '../errors.ts'

/** The address to listen on for a host; anything but this machine itself is refused. */
export function loopbackAddress(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (bare === 'localhost' || bare === '127.0.0.1') return '127.0.0.1'
  if (bare === '::1') return '::1'
  throw new MillraceError(
    'USAGE',
    `Millrace does not listen on ${host}: other machines would need a login, which this version does not have. Leave --host out, and reach it from elsewhere through an SSH tunnel.`,
  )
}

/** Where a server on this machine answers. */
export function serverUrl(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** The values of a Host header that mean this server and no other name that resolves to it. */
export function ownHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  return new Set(
    port === 80 ? [...names, ...names.map((name) => `${name}:80`)] : names.map((name) => `${name}:${port}`),
  )
}
