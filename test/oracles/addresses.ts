const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4 = new RegExp(String.raw`^${octet}\.${octet}\.${octet}\.${octet}$`)

/** The address in the form it is stored in; null when it is none. */
export function canonicalAddress(logged: string): string | null {
  if (ipv4.test(logged)) return logged
  const groups = ipv6Groups(logged)
  return groups === null ? null : ipv6Text(groups)
}

/** The eight numbers of an address in one of the forms of RFC 4291, section 2.2. */
function ipv6Groups(logged: string): number[] | null {
  const [left = '', right, ...more] = logged.split('::')
  if (more.length > 0) return null
  if (right === undefined) {
    const groups = groupsOf(left, true)
    return groups?.length === 8 ? groups : null
  }
  const [before, after] = [groupsOf(left, false), groupsOf(right, true)]
  if (before === null || after === null) return null
  const zeros = 8 - before.length - after.length
  return zeros >= 1 ? [...before, ...Array.from({ length: zeros }, () => 0), ...after] : null
}

function groupsOf(half: string, mayEndInIpv4: boolean): number[] | null {
  if (half === '') return []
  const pieces = half.split(':')
  const last = pieces.at(-1) ?? ''
  const embedded = mayEndInIpv4 && ipv4.test(last) ? last.split('.').map(Number) : []
  const plain = embedded.length > 0 ? pieces.slice(0, -1) : pieces
  if (!plain.every((piece) => /^[0-9A-Fa-f]{1,4}$/.test(piece))) return null
  const [a = 0, b = 0, c = 0, d = 0] = embedded
  return [
    ...plain.map((piece) => Number.parseInt(piece, 16)),
    ...(embedded.length > 0 ? [a * 256 + b, c * 256 + d] : []),
  ]
}

/** RFC 5952, section 4; IPv4-mapped addresses alone in mixed notation (section 5). */
function ipv6Text(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  const full = groups.map((group) => group.toString(16)).join(':')
  const zeroRuns = [...full.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)]
  const [longest] = zeroRuns.toSorted((one, other) => other[0].length - one[0].length)
  if (longest === undefined) return full
  const before = full.slice(0, longest.index).replace(/:$/, '')
  const after = full.slice(longest.index + longest[0].length).replace(/^:/, '')
  return `${before}::${after}`
}
