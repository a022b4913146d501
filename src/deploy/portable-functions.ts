import { lexicalRules } from '../sql/statement/dialect.ts'
import { lex } from '../sql/statement/lexer.ts'
import { sourceOf } from '../sql/statement/source.ts'
import type { Token } from '../sql/statement/tokens.ts'

/** Blocks of addresses that `is_internal` means (src/functions/addresses.sql). */
const internalBlocks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]

const servicePorts = [
  '1433, 1434, 1521, 2049, 2375, 2376, 2379, 2380, 3000, 3306, 3389, 4333, 5000, 5432, 5439, 5500, 5601, 5672, 5900, 5901, 5902, 5903',
  '5985, 5986, 6379, 6443, 7001, 8080, 8088, 8443, 8888, 9042, 9090, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018, 27019',
].join(', ')

const protocols = {
  6: 'TCP',
  17: 'UDP',
  1: 'ICMP',
  58: 'IPv6-ICMP',
  0: 'HOPOPT',
  2: 'IGMP',
  4: 'IPv4',
  8: 'EGP',
  27: 'RDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'IPv6-Route',
  44: 'IPv6-Frag',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  59: 'IPv6-NoNxt',
  60: 'IPv6-Opts',
  88: 'EIGRP',
  89: 'OSPFIGP',
  103: 'PIM',
  112: 'VRRP',
  115: 'L2TP',
  132: 'SCTP',
  136: 'UDPLite',
  253: 'experimentation',
  254: 'experimentation',
  255: 'Reserved',
}

const isServicePort = (port: string): string => `(${port} BETWEEN 1 AND 1023 OR ${port} IN (${servicePorts}))`

const isInternal = (address: string): string =>
  `(CASE WHEN TRY_CAST(${address} AS ipaddress) IS NOT NULL THEN ${internalBlocks
    .map((block) => `contains('${block}', TRY_CAST(${address} AS ipaddress))`)
    .join(' OR ')} END)`

/** What decides by flags and ports: who sends SYN alone is the client, and the lower of two ports is the service's where it is known as one. */
const byService = (source: string, target: string, flags: string, to: string, from: string): string =>
  `WHEN bitwise_and(${flags}, 18) = 2 THEN ${to}
    WHEN bitwise_and(${flags}, 18) = 18 THEN ${from}
    WHEN ${target} < ${source} AND ${source} >= 1024 AND ${isServicePort(target)} THEN ${to}
    WHEN ${source} < ${target} AND ${target} >= 1024 AND ${isServicePort(source)} THEN ${from}`

const none = 'CAST(NULL AS integer)'
const noText = 'CAST(NULL AS varchar)'

/** Millrace's own functions as expressions of Trino's, which Athena can make no functions of (src/functions/ says what they mean). */
const functions: Readonly<Record<string, (...parameters: readonly string[]) => string>> = {
  is_internal: (address = noText) => isInternal(address),
  in_cidr: (address = noText, block = noText) => `contains(${block}, TRY_CAST(${address} AS ipaddress))`,
  protocol_name: (protocol = none) =>
    `(CASE ${protocol} ${Object.entries(protocols)
      .map(([number, name]) => `WHEN ${number} THEN '${name}'`)
      .join(' ')} ELSE CAST(${protocol} AS varchar) END)`,
  service_port: (source = none, target = none, flags = none) =>
    `(CASE WHEN ${source} = ${target} THEN NULLIF(${source}, 0)
    ${byService(source, target, flags, target, source)} END)`,
  flow_direction_of: (
    source = noText,
    target = noText,
    sourcePort = none,
    targetPort = none,
    flags = none,
    packetSource = noText,
    packetTarget = noText,
    direction = noText,
  ) => `(CASE WHEN ${direction} IN ('ingress', 'egress') THEN ${direction}
    WHEN ${target} <> ${packetTarget} AND ${source} = ${packetSource} AND strpos(${target}, ':') = 0 THEN 'ingress'
    WHEN ${source} <> ${packetSource} AND ${target} = ${packetTarget} AND strpos(${source}, ':') = 0 THEN 'egress'
    WHEN ${isInternal(source)} AND NOT ${isInternal(target)} THEN 'egress'
    WHEN NOT ${isInternal(source)} AND ${isInternal(target)} THEN 'ingress'
    ${byService(sourcePort, targetPort, flags, "'ingress'", "'egress'")} END)`,
  tcp_flag_names: (flags = none) =>
    `(CASE WHEN ${flags} IS NOT NULL THEN concat_ws(',', ${['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']
      .map((name, bit) => `CASE WHEN bitwise_and(${flags}, ${2 ** bit}) > 0 THEN '${name}' END`)
      .join(', ')}) END)`,
}

/** A statement of Trino's with Millrace's functions written out, and names of schema `logs` without it. */
export function writtenOut(sql: string): string {
  const tokens = lex(sourceOf(sql), lexicalRules.trino)
  return written(sql, tokens, 0, tokens.length)
}

function written(sql: string, tokens: readonly Token[], first: number, end: number): string {
  let text = ''
  let at = tokens[first]?.start ?? 0
  for (let index = first; index < end; index++) {
    const token = tokens[index]
    if (token?.kind !== 'word' && token?.kind !== 'quoted') continue
    const next = tokens[index + 1]
    if (next?.kind !== 'symbol') continue
    const name = token.text.toLowerCase()
    if (name === 'logs' && next.text === '.') {
      text += sql.slice(at, token.start)
      at = next.end
      continue
    }
    const make = next.text === '(' && Object.hasOwn(functions, name) ? functions[name] : undefined
    if (make === undefined) continue
    const { parts, closing } = argumentsAt(tokens, index + 1)
    const given = parts.map(([from, to]) => `(${written(sql, tokens, from, to)})`)
    text += sql.slice(at, token.start) + make(...given)
    at = tokens[closing]?.end ?? at
    index = closing
  }
  return text + sql.slice(at, tokens[end - 1]?.end ?? sql.length)
}

/** The arguments of a call whose bracket is there, as ranges of tokens, and the bracket that closes it. */
function argumentsAt(
  tokens: readonly Token[],
  open: number,
): { readonly parts: readonly (readonly [number, number])[]; readonly closing: number } {
  const parts: (readonly [number, number])[] = []
  let depth = 0
  let from = open + 1
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index]
    if (token?.kind !== 'symbol') continue
    if (token.text === '(') depth++
    if (token.text === ')') depth--
    if (depth === 0 || (depth === 1 && token.text === ',')) {
      if (index > from) parts.push([from, index])
      from = index + 1
    }
    if (depth === 0) return { parts, closing: index }
  }
  return { parts, closing: tokens.length - 1 }
}
