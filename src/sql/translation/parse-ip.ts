import { type Context, refused } from './context.ts'
import { call } from './expressions.ts'
import { contentOf, listOf } from './tree.ts'

/** The keys of what PARSE_IP gives that are known here, with the types of their values; each is a function of `src/functions/parse-ip.sql`. */
const keys: Readonly<Record<string, string>> = {
  family: 'BIGINT',
  host: 'VARCHAR',
  ip_type: 'VARCHAR',
  netmask_prefix_length: 'BIGINT',
  ipv4: 'BIGINT',
  ipv4_range_start: 'BIGINT',
  ipv4_range_end: 'BIGINT',
  hex_ipv6: 'VARCHAR',
  hex_ipv6_range_start: 'VARCHAR',
  hex_ipv6_range_end: 'VARCHAR',
}

/** `parse_ip(address, 'INET' [, permissive]):key`; undefined for a path behind anything else. */
export function parsedAddress(
  base: unknown,
  key: string,
  context: Context,
): { readonly text: string; readonly stored: { readonly node: unknown; readonly type: string } } | undefined {
  const content = contentOf(base, 'function')
  if (content === undefined || String(content['name']).toLowerCase() !== 'parse_ip') return undefined
  const [address, kind, permissive] = listOf(content['args'])
  const isPermissive = permissive === undefined ? '0' : valueOf(permissive)
  if (valueOf(kind)?.toUpperCase() !== 'INET' || (isPermissive !== '0' && isPermissive !== '1'))
    throw refused(context, `PARSE_IP takes an address, 'INET', and 0 or 1 where it is permissive`)
  const type = Object.hasOwn(keys, key) ? keys[key] : undefined
  if (type === undefined) throw withoutKey(context)
  const node = call(`parse_ip_${key}`, context.rewrite(address, context), {
    literal: { literal_type: 'number', value: isPermissive },
  })
  return { text: `parse_ip(…):${key}`, stored: { node, type } }
}

/** PARSE_IP gives an object, of which only single keys are known. */
export function withoutKey(context: Context): Error {
  return refused(
    context,
    `PARSE_IP needs a key behind it, as in parse_ip(address, 'INET'):ipv4. Keys are ${Object.keys(keys).join(', ')}`,
  )
}

function valueOf(node: unknown): string | undefined {
  const value = contentOf(node, 'literal')?.['value']
  return typeof value === 'string' ? value : undefined
}
