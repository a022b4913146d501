import { flat } from './line-buffer.ts'
import { RankedItems, type Random } from './random.ts'

/** An address outside of the VPCs. */
interface OutsideAddress {
  address: string
  /** The AWS service that owns the address, or `-`. */
  service: string
}

/** The addresses outside that talk to the VPCs, the busiest first. */
export interface Outside {
  clients: RankedItems<OutsideAddress>
  clients6: RankedItems<OutsideAddress>
  servers: RankedItems<OutsideAddress>
  /** Addresses of S3 and DynamoDB, reached through gateway endpoints. */
  gatewayServices: RankedItems<OutsideAddress>
  services: RankedItems<OutsideAddress>
  services6: RankedItems<OutsideAddress>
}

const publicPrefixes = [
  '24.48',
  '31.13',
  '62.157',
  '68.81',
  '73.92',
  '79.233',
  '81.2',
  '84.57',
  '86.130',
  '88.198',
  '91.64',
  '109.192',
]
const scannerPrefixes = [
  '45.129',
  '71.6',
  '80.94',
  '89.248',
  '92.63',
  '141.98',
  '162.142',
  '185.156',
  '193.163',
  '194.26',
]
const attackerPrefixes = ['5.188', '77.247', '103.145', '194.165']
const serverPrefixes = ['140.82', '146.75', '151.101', '104.16', '199.232', '93.184']
const clientPrefixes6 = ['2a02:8109', '2003:c6', '2601:646', '2a00:23c5', '2804:14d']

const servicePrefixes: readonly (readonly [service: string, prefix: string])[] = [
  ['AMAZON', '54.239'],
  ['EC2', '3.239'],
  ['CLOUDFRONT', '13.32'],
  ['API_GATEWAY', '3.216'],
  ['GLOBALACCELERATOR', '75.2'],
  ['ROUTE53_HEALTHCHECKS', '15.177'],
  ['KINESIS_VIDEO_STREAMS', '99.77'],
]

/** Builds the population of addresses outside of the VPCs. */
export function createOutside(random: Random): Outside {
  const clients = plain(4000, () => address4(random, publicPrefixes))
  const cloudFront = Array.from({ length: 60 }, () => ({
    address: `130.176.${random.below(224)}.${random.between(1, 254)}`,
    service: 'CLOUDFRONT_ORIGIN_FACING',
  }))
  return {
    clients: new RankedItems(random.shuffle([...clients, ...cloudFront])),
    clients6: new RankedItems(plain(500, () => address6(random, random.pick(clientPrefixes6)))),
    servers: new RankedItems(plain(300, () => address4(random, serverPrefixes))),
    gatewayServices: new RankedItems(
      Array.from({ length: 80 }, (_, index) =>
        index % 4 === 3
          ? { address: address4(random, ['52.94']), service: 'DYNAMODB' }
          : { address: address4(random, ['52.216', '3.5']), service: 'S3' },
      ),
    ),
    services: new RankedItems(
      Array.from({ length: 120 }, () => {
        const [service, prefix] = random.pick(servicePrefixes)
        return { address: address4(random, [prefix]), service }
      }),
    ),
    services6: new RankedItems(
      Array.from({ length: 40 }, () => ({ address: address6(random, '2600:1fa0'), service: 'S3' })),
    ),
  }
}

function plain(count: number, address: () => string): OutsideAddress[] {
  return Array.from({ length: count }, () => ({ address: flat(address()), service: '-' }))
}

/** A random address that scans the internet. */
export function scannerAddress(random: Random): string {
  return address4(random, scannerPrefixes)
}

/** A random address that is nobody else's. */
export function attackerAddress(random: Random): string {
  return address4(random, attackerPrefixes)
}

/** A random IPv6 address in its shortest form. */
export function address6(random: Random, prefix: string): string {
  const groups = prefix.split(':').length
  if (random.chance(0.2)) return `${prefix}:${group6(random)}::${group6(random)}`
  const rest = Array.from({ length: 8 - groups }, () => group6(random))
  return `${prefix}:${rest.join(':')}`
}

function address4(random: Random, prefixes: readonly string[]): string {
  return `${random.pick(prefixes)}.${random.below(256)}.${random.between(1, 254)}`
}

function group6(random: Random): string {
  return random.between(1, 0xffff).toString(16)
}
