import { isIPv6 } from 'node:net'

/** An address in the one spelling that rows have: IPv6 as RFC 5952 has it, IPv4-mapped as ::ffff:192.0.2.1. */
export function canonicalAddress(text: string): string {
  if (!isIPv6(text)) return text
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === undefined || low === undefined) return short
  const octets = [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
  return `::ffff:${octets.join('.')}`
}
