import { readdirSync, readFileSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../src/catalog/migrate.ts'
import { address } from './arbitraries/spelled-values.ts'

const folder = new URL('../src/functions/', import.meta.url)
const caseCount = process.env.MILLRACE_TEST_SCALE === 'soak' ? 20_000 : 500
const soak = { timeout: 600_000 }

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()

beforeAll(async () => {
  // Some read what a lake keeps.
  await migrate(connection)
  for (const file of readdirSync(folder).toSorted()) {
    const text = readFileSync(new URL(file, folder), 'utf8')
    for (const statement of text.split(/;[ \t]*$/m)) {
      if (statement.trim() !== '') await connection.run(statement)
    }
  }
  await connection.run("set search_path = 'main,logs'")
})

afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

/** Runs a query with `logs` on the search path, as every connection to a lake has it. */
async function rowsOf(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}

function quote(text: string | null): string {
  return text === null ? 'null' : `'${text.replaceAll("'", "''")}'`
}

type Pair = readonly [string | null, string | null]

function pairsOf(texts: readonly (string | null)[]): Pair[] {
  return texts.map((text) => [text, null])
}

/** The value of an expression over the columns `a` and `b` for each pair; as columns they are not folded. */
async function valuesOf(expression: string, pairs: readonly Pair[]): Promise<unknown[]> {
  const values = pairs.map(([a, b], place) => `(${place}, ${quote(a)}::varchar, ${quote(b)}::varchar)`)
  const rows = await rowsOf(`select ${expression} from (values ${values.join(', ')}) t(place, a, b) order by place`)
  return rows.map((row) => row[0])
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

const unreadable = words(`
    1.2.3 1.2.3.4.5 256.1.1.1 1.2.3.256 01.2.3.4 1.2.3.04 00.0.0.0 1.2.3. .1.2.3 1..2.3 1.2.3.-4 +1.2.3.4 1.2.3.4e0
    0x1.2.3.4 1.2.3.4/32 1_0.2.3.4 ١.2.3.4 - unknown ::g : ::: 1::2::3 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 12345::
    1:2:3:4:5:6:7:8:: ::1:2:3:4:5:6:7:8 1:2:3:4::5:6:7:8 :1:2:3:4:5:6:7 1:2:3:4:5:6:7: fe80::1%eth0 [::1] ::1/128
    ::1.2.3 ::1.2.3.256 ::01.2.3.4 ::1.2.3.4:5 1:2:3:4:5:6:7:1.2.3.4 1.2.3.4:: ::ffff:1.2.3.4.5 ::ffff:12345:1
    :::ffff:1.2.3.4 ::ffff:1.2.3.256
`).concat('', ' ', ' 1.2.3.4', '1.2.3.4 ', '1.2.3.4\n', '::1\n')

/** The oracle: node's own inet_pton says what is an address, BigInt arithmetic what number it is. */
function addressNumber(text: string): bigint | null {
  if (isIP(text) === 0 || text.includes('%')) return null
  if (isIPv4(text)) return mapped + dottedNumber(text)
  const dotted = text.includes('.') ? text.slice(text.lastIndexOf(':') + 1) : ''
  const tail = dottedNumber(dotted === '' ? '0.0.0.0' : dotted)
  const plain =
    dotted === ''
      ? text
      : `${text.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  const [head = [], rest] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - head.length - (rest ?? []).length }, () => '0')
  return [...head, ...zeros, ...(rest ?? [])].reduce((number, group) => number * 65_536n + BigInt(`0x${group}`), 0n)
}

function dottedNumber(text: string): bigint {
  return text.split('.').reduce((number, octet) => number * 256n + BigInt(octet), 0n)
}

const mapped = 0xffff_0000_0000n

function isMapped(number: bigint): boolean {
  return number >> 32n === 0xffffn
}

function inCidr(addr: string, cidr: string): boolean | null {
  const [base = '', length] = cidr.split('/')
  const width = base.includes(':') ? 128n : 32n
  const free = length === undefined ? 0n : width - BigInt(length)
  const number = addressNumber(addr)
  const first = addressNumber(base)
  if (number === null || first === null) return null
  if (isMapped(number) !== (isMapped(first) && free <= 32n)) return false
  return number >> free === first >> free
}

const internalBlocks = words(
  '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 fc00::/7 fe80::/10 ::1',
)

function isInternal(addr: string): boolean | null {
  if (addressNumber(addr) === null) return null
  return internalBlocks.some((block) => inCidr(addr, block))
}

interface Spelling {
  readonly upperCase: boolean
  readonly widths: readonly number[]
  readonly dottedTail: boolean
  readonly compressed: number
  readonly plainIpv4: boolean
}

const spellings: fc.Arbitrary<Spelling> = fc.record({
  upperCase: fc.boolean(),
  widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
  dottedTail: fc.boolean(),
  compressed: fc.nat(35),
  plainIpv4: fc.boolean(),
})

/** One of the ways to write a number as an address. */
function spell(number: bigint, spelling: Spelling): string {
  const octets = [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
  if (isMapped(number) && spelling.plainIpv4) return octets
  const values = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => (number >> shift) & 0xffffn)
  const written = values.map((value, place) => value.toString(16).padStart(spelling.widths[place] ?? 1, '0'))
  const groups = (spelling.dottedTail ? [...written.slice(0, 6), octets] : written).map((group) =>
    spelling.upperCase ? group.toUpperCase() : group,
  )
  const runs = zeroRuns(spelling.dottedTail ? values.slice(0, 6) : values)
  const run = runs[spelling.compressed % (runs.length + 1)]
  if (run === undefined) return groups.join(':')
  return `${groups.slice(0, run[0]).join(':')}::${groups.slice(run[1]).join(':')}`
}

function zeroRuns(values: readonly bigint[]): (readonly [number, number])[] {
  const starts = values.map((_, start) => start)
  return starts.flatMap((start) =>
    starts
      .map((end) => [start, end + 1] as const)
      .filter((run) => run[0] < run[1] && values.slice(...run).every((value) => value === 0n)),
  )
}

const groups = fc.oneof(fc.constant(0n), fc.constant(0n), fc.constant(0xffffn), fc.bigInt({ min: 0n, max: 0xffffn }))
const edges = words(
  '0.0.0.0 255.255.255.255 :: ::2 fd:: fc0:: fe8:: ffff:: ::ffff:0:0:0 ::fffe:0:0 fe00:: 64:ff9b::a00:1 ::a00:1',
)
const numbers = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffff_ffffn }).map((number) => mapped + number),
  fc
    .tuple(groups, groups, groups, groups, groups, groups, groups, groups)
    .map((all) => all.reduce((number, group) => number * 65_536n + group, 0n)),
  fc
    .tuple(fc.constantFrom(...edges, ...internalBlocks), fc.nat(128), fc.boolean())
    .map(
      ([block, bit, isFlipped]) =>
        (addressNumber(block.split('/')[0] ?? '') ?? 0n) ^ (isFlipped ? (1n << BigInt(bit)) % (1n << 128n) : 0n),
    ),
)
const addresses = fc.tuple(numbers, spellings).map(([number, spelling]) => spell(number, spelling))
const damaged = fc
  .tuple(addresses, fc.nat(45), fc.nat(2), fc.constantFrom('', '0', '1', 'f', ':', '::', '.', '.1', 'g', ' ', '%1'))
  .map(([text, place, removed, added]) => text.slice(0, place) + added + text.slice(place + removed))
const noise = fc.string({ unit: fc.constantFrom('0', '1', '25', 'a', 'F', ':', '::', '.'), maxLength: 12 })

const blocks = fc
  .record({ number: numbers, spelling: spellings, length: fc.nat(128), isBare: fc.boolean() })
  .map(({ number, spelling, length, isBare }) => {
    const base = spell(number, spelling)
    return { number, cidr: isBare ? base : `${base}/${base.includes(':') ? length : length % 33}` }
  })

/** An address that shares its high bits with a number, but for one bit in most cases. */
function near(number: bigint): fc.Arbitrary<string> {
  const random = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })
  return fc.tuple(random, fc.nat(128), fc.nat(160), spellings).map(([low, lowBits, flipped, spelling]) => {
    const mask = (1n << BigInt(lowBits)) - 1n
    return spell(((number & ~mask) | (low & mask)) ^ (flipped < 128 ? 1n << BigInt(flipped) : 0n), spelling)
  })
}

/** Checks up to 50 cases at a time, half of that on average, since a query costs more than a case. */
async function everyCase<T>(cases: fc.Arbitrary<T>, check: (drawn: T[]) => Promise<void>): Promise<void> {
  const drawn = fc.array(cases, { minLength: 1, maxLength: 50, size: 'max' })
  await fc.assert(fc.asyncProperty(drawn, check), { numRuns: caseCount / 25 })
}

const readableOrNot = fc.oneof({ weight: 3, arbitrary: addresses }, { weight: 2, arbitrary: damaged }, noise)
const blockAndAddress = blocks.chain(({ number, cidr }) =>
  fc.tuple(fc.oneof({ weight: 4, arbitrary: near(number) }, readableOrNot), fc.constant(cidr)),
)

describe('address_number', () => {
  test('gives IPv4 as its IPv4-mapped IPv6 address', async () => {
    const spelled = words(
      '0.0.0.0 10.0.0.1 ::ffff:10.0.0.1 ::FFFF:a00:1 0:0:0:0:0:ffff:a00:1 :: ::1 2001:DB8::1 64:ff9b::1.2.3.4',
    )

    expect(await valuesOf('address_number(a)', pairsOf(spelled))).toEqual([
      0xffff_0000_0000n,
      0xffff_0a00_0001n,
      0xffff_0a00_0001n,
      0xffff_0a00_0001n,
      0xffff_0a00_0001n,
      0n,
      1n,
      0x2001_0db8_0000_0000_0000_0000_0000_0001n,
      0x0064_ff9b_0000_0000_0000_0000_0102_0304n,
    ])
  })

  test('is NULL for NULL and for text that is no address', async () => {
    const values = await valuesOf('address_number(a)', pairsOf([...unreadable, null]))

    expect(values).toEqual(values.map(() => null))
  })

  test('agrees with BigInt arithmetic for every spelling, and with inet_pton on what is an address', soak, () =>
    everyCase(readableOrNot, async (drawn) => {
      expect(await valuesOf('address_number(a)', pairsOf(drawn))).toEqual(drawn.map(addressNumber))
    }),
  )

  test('comes with the range of a block, host bits cleared, and NULL for what is no block', async () => {
    const cidrs = ['10.1.2.3/8', '0.0.0.0/0', '::/0', '2001:db8::1/64', '10.0.0.1', '10.0.0.0/33', 'x', null]
    const first = await valuesOf('cidr_first(a)', pairsOf(cidrs))
    const last = await valuesOf('cidr_last(a)', pairsOf(cidrs))

    expect(first.map((number, place) => [number, last[place]])).toEqual([
      [0xffff_0a00_0000n, 0xffff_0aff_ffffn],
      [0xffff_0000_0000n, 0xffff_ffff_ffffn],
      [0n, (1n << 128n) - 1n],
      [0x2001_0db8n << 96n, (0x2001_0db8n << 96n) + 0xffff_ffff_ffff_ffffn],
      [0xffff_0a00_0001n, 0xffff_0a00_0001n],
      [null, null],
      [null, null],
      [null, null],
    ])
  })
})

describe('canonical_address', () => {
  test(
    'gives the spelling that kernels store',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(address(), { minLength: 1, maxLength: 50 }), async (list) => {
          const found = await valuesOf('canonical_address(a)', pairsOf(list.map(({ bytes }) => bytes)))
          expect(found).toEqual(list.map(({ cell }) => cell))
        }),
        { numRuns: Math.ceil(caseCount / 25) },
      )
    },
    soak.timeout,
  )

  test('is NULL for what is no address', async () => {
    expect(await valuesOf('canonical_address(a)', pairsOf(['10.0.0.256', ':::', 'fe80::1%eth0', '', null]))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })
})

describe('in_cidr', () => {
  test.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['100.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.9.9.9/8', true],
    ['172.31.255.255', '172.16.0.0/12', true],
    ['172.32.0.0', '172.16.0.0/12', false],
    ['10.0.0.12', '10.0.0.1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.3', '10.0.0.2/31', true],
    ['10.0.0.4', '10.0.0.2/31', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['127.0.0.0', '0.0.0.0/1', true],
    ['128.0.0.0', '0.0.0.0/1', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::FFFF:a01:203', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['::ffff:11.1.2.3', '::ffff:10.0.0.0/104', false],
    ['10.1.2.3', '::ffff:0:0/95', false],
    ['10.1.2.3', '::/0', false],
    ['::ffff:10.1.2.3', '::/0', false],
    ['::1', '::/0', true],
    ['::1', '0.0.0.0/0', false],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::/32', true],
    ['2001:db9::', '2001:db8::/32', false],
    ['fdff::1', 'fc00::/7', true],
    ['::1', '0:0::1/128', true],
    ['1.2.3', '10.0.0.0/8', null],
    ['1.2.3', '::/0', null],
    [null, '10.0.0.0/8', null],
    ['10.0.0.1', null, null],
    [null, null, null],
  ])('%s in %s is %s, for a constant block and for a column', async (addr, cidr, expected) => {
    expect(await valuesOf('in_cidr(a, b)', [[addr, cidr]])).toEqual([expected])
    expect(await valuesOf(`in_cidr(a, ${quote(cidr)})`, pairsOf([addr]))).toEqual([expected])
  })

  test('is NULL for every unreadable address, whatever the family of the block', async () => {
    for (const cidr of ['0.0.0.0/0', '10.0.0.0/9', '10.0.0.1', '::/0', '::ffff:0:0/96']) {
      const values = await valuesOf(`in_cidr(a, '${cidr}')`, pairsOf(unreadable))

      expect(values).toEqual(unreadable.map(() => null))
    }
  })

  test('says which block is unreadable', async () => {
    const cidrs =
      '10.0.0.0/33 10.0.0.0/08 10.0.0.0/ 10.0.0.0/-1 10.0.0.0/8/8 10.0.0/8 10.0.0.0/8x ::/129 ::/ ::/00 1.2.3.4::/8 /8 x'

    for (const cidr of [...cidrs.split(' '), '', '10.0.0.0/ 8', '10.0.0.0/8\n']) {
      const message = `in_cidr: ${cidr} is not a CIDR block such as 10.0.0.0/8`

      await expect(valuesOf('in_cidr(a, b)', [['10.0.0.1', cidr]])).rejects.toThrow(message)
      await expect(valuesOf(`in_cidr(a, ${quote(cidr)})`, pairsOf(['10.0.0.1']))).rejects.toThrow(message)
    }
  })

  test('agrees with BigInt arithmetic for every spelling, with the block as a column', soak, () =>
    everyCase(blockAndAddress, async (drawn) => {
      expect(await valuesOf('in_cidr(a, b)', drawn)).toEqual(drawn.map(([addr, cidr]) => inCidr(addr, cidr)))
    }),
  )

  test('agrees with BigInt arithmetic for every spelling, with a constant block', soak, async () => {
    const blockAndAddresses = blocks.chain(({ number, cidr }) => {
      const addrs = fc.array(fc.oneof(near(number), readableOrNot), { minLength: 1, maxLength: 50, size: 'max' })
      return fc.record({ cidr: fc.constant(cidr), addrs })
    })
    const check = fc.asyncProperty(blockAndAddresses, async ({ cidr, addrs }) => {
      const values = await valuesOf(`in_cidr(a, '${cidr}')`, pairsOf(addrs))

      expect(values).toEqual(addrs.map((addr) => inCidr(addr, cidr)))
    })

    await fc.assert(check, { numRuns: caseCount / 25 })
  })

  test('works a constant block out before the first row', async () => {
    await connection.run('create temp table some_flows (srcaddr varchar)')

    const plan = String((await rowsOf(`explain select * from some_flows where in_cidr(srcaddr, '10.0.0.0/8')`))[0]?.[1])
    const text = plan.replaceAll(/[│\s]/g, '')

    expect(text).toContain(`starts_with(srcaddr,'10.')`)
    expect(text).not.toContain('10.0.0.0')
    expect(text).not.toContain('error(')
  })
})

describe('is_internal', () => {
  test('knows the ranges at both ends', async () => {
    const inside =
      '10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 100.64.0.0 100.127.255.255 127.0.0.1 169.254.169.254'
    const mappedInside =
      '::1 0:0:0:0:0:0:0:1 fc00:: fdff:ffff::1 FE80::1 febf::1 ::ffff:10.0.0.1 ::ffff:ac10:1 0:0:0:0:0:ffff:a00::'
    const outside =
      '9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 100.63.255.255 100.128.0.0'
    const mappedOutside =
      ':: ::2 ::10 ::1:1 fb00:: fc0::1 fd::1 fe8::1 fe00:: fec0:: 2600:1f18::1 ::ffff:8.8.8.8 ::10.0.0.1 1.10.0.0 110.0.0.0 8.8.8.8'

    for (const [texts, expected] of [
      [inside, true],
      [mappedInside, true],
      [outside, false],
      [mappedOutside, false],
    ] as const) {
      const addrs = texts.split(' ')

      expect(await valuesOf('is_internal(a)', pairsOf(addrs))).toEqual(addrs.map(() => expected))
    }
  })

  test('is NULL for NULL and for text that is no address', async () => {
    const values = await valuesOf('is_internal(a)', pairsOf([...unreadable, '10.1', '10.0.0.256', null]))

    expect(values).toEqual(values.map(() => null))
  })

  test('agrees with BigInt arithmetic over its blocks, as address_family does', soak, () =>
    everyCase(readableOrNot, async (drawn) => {
      const families = drawn.map(addressNumber).map((number) => (number === null ? null : isMapped(number) ? 4 : 6))

      expect(await valuesOf('is_internal(a)', pairsOf(drawn))).toEqual(drawn.map(isInternal))
      expect(await valuesOf('address_family(a)', pairsOf(drawn))).toEqual(families)
    }),
  )
})

describe('names', () => {
  test('protocol_name gives the keyword, else the number as text', async () => {
    const named = words(`
      0=HOPOPT 1=ICMP 2=IGMP 4=IPv4 6=TCP 8=EGP 17=UDP 27=RDP 33=DCCP 41=IPv6 43=IPv6-Route 44=IPv6-Frag 46=RSVP
      47=GRE 50=ESP 51=AH 58=IPv6-ICMP 59=IPv6-NoNxt 60=IPv6-Opts 88=EIGRP 89=OSPFIGP 103=PIM 112=VRRP 115=L2TP
      132=SCTP 136=UDPLite 253=experimentation 254=experimentation 255=Reserved
    `)
    const names = new Map(named.map((entry) => [entry.split('=')[0], entry.split('=')[1]]))
    const rows = await rowsOf('select n::varchar, protocol_name(n) from range(-1, 300) t(n)')

    expect(rows).toEqual(rows.map(([number]) => [number, names.get(String(number)) ?? number]))
    expect(await rowsOf('select protocol_name(null), protocol_name(6::utinyint)')).toEqual([[null, 'TCP']])
  })

  test('tcp_flag_names lists the set bits from the lowest', async () => {
    const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']
    const rows = await rowsOf('select tcp_flag_names(n) from range(256) t(n)')
    const expected = rows.map((_, flags) => [names.filter((_name, bit) => (flags >> bit) % 2 === 1).join(',')])

    expect(rows).toEqual(expected)
    expect(
      await rowsOf('select tcp_flag_names(18::utinyint), tcp_flag_names(2), tcp_flag_names(0), tcp_flag_names(null)'),
    ).toEqual([['SYN,ACK', 'SYN', '', null]])
  })
})

describe('directions', () => {
  test.each([
    ['50000, 443', 443],
    ['443, 50000', 443],
    ['50000, 5432', 5432],
    ['1024, 22', 22],
    ['1023, 22', null],
    ['53, 443', null],
    ['123, 123', 123],
    ['0, 0', null],
    ['0, 50000', null],
    ['50000, 50001', null],
    ['50000, 50001, 2', 50_001],
    ['50000, 50001, 3', 50_001],
    ['50000, 50001, tcp_flags := 18', 50_000],
    ['50000, 50001, tcp_flags := 19', 50_000],
    ['443, 50000, 2', 50_000],
    ['443, 50000, 0', 443],
    ['443, 50000, 16', 443],
    ['null, 443', null],
    ['null, null, null', null],
  ])('service_port(%s) is %s', async (args, expected) => {
    expect((await rowsOf(`select service_port(${args})`))[0]?.[0]).toBe(expected)
  })

  test.each([
    ['a recorded direction holds', `'8.8.8.8', '10.0.0.1', flow_direction := 'egress'`, 'egress'],
    ['an unrecorded one is derived', `'8.8.8.8', '10.0.0.1', flow_direction := null`, 'ingress'],
    ['inside to outside', `'10.0.0.1', '8.8.8.8'`, 'egress'],
    ['inside to outside, whatever the ports', `'10.0.0.1', '8.8.8.8', 443, 50000`, 'egress'],
    ['inside to inside', `'10.0.0.1', '10.0.0.2'`, null],
    ['outside to outside', `'2600:1f18::1', '2600:1f18::2'`, null],
    ['inside to inside, towards the service', `'10.0.0.1', '10.0.0.2', 50000, 443`, 'ingress'],
    ['inside to inside, from the service', `'10.0.0.1', '10.0.0.2', 443, 50000`, 'egress'],
    ['inside to inside, SYN', `'10.0.0.1', '10.0.0.2', 50000, 50001, 2`, 'ingress'],
    ['inside to inside, SYN-ACK', `'10.0.0.1', '10.0.0.2', 50000, 50001, 18`, 'egress'],
    ['no traffic', 'null, null, null, null', null],
    ['an unreadable side', `'x', '10.0.0.2'`, null],
    // The four records of a NAT gateway's interface 10.0.0.220, as the user guide of VPC Flow Logs prints them.
    [
      'from the instance',
      `'10.0.1.5', '10.0.0.220', pkt_srcaddr := '10.0.1.5', pkt_dstaddr := '203.0.113.5'`,
      'ingress',
    ],
    [
      'to the internet',
      `'10.0.0.220', '203.0.113.5', pkt_srcaddr := '10.0.0.220', pkt_dstaddr := '203.0.113.5'`,
      'egress',
    ],
    ['reply in', `'203.0.113.5', '10.0.0.220', pkt_srcaddr := '203.0.113.5', pkt_dstaddr := '10.0.0.220'`, 'ingress'],
    [
      'reply to the instance',
      `'10.0.0.220', '10.0.1.5', pkt_srcaddr := '203.0.113.5', pkt_dstaddr := '10.0.1.5'`,
      'egress',
    ],
  ])('flow_direction_of: %s', async (_name, args, expected) => {
    expect((await rowsOf(`select flow_direction_of(${args})`))[0]?.[0]).toBe(expected)
  })
})
