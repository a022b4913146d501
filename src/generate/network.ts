import { createTask, type EcsTask } from './ecs-tasks.ts'
import { flat } from './line-buffer.ts'
import { address6 } from './outside.ts'
import { Random, RankedItems } from './random.ts'

/** A network interface and what flow logs say of it; `-` where there is nothing to say. */
export interface NetworkInterface {
  id: string
  accountId: string
  address: string
  /** Empty without IPv6. */
  address6: string
  /** Secondary addresses, such as those of Kubernetes pods. */
  secondary: readonly string[]
  /** The port that it serves; 0 when it serves nothing. */
  port: number
  vpcId: string
  subnetId: string
  azId: string
  sublocationType: string
  sublocationId: string
  instanceId: string
  resourceId: string
  interfaceType: string
  /** True in a VPC with encryption controls. */
  isEncrypted: boolean
  instanceTag: string
  instanceTag2: string
  interfaceTag: string
  groupTag: string
  ecs: EcsTask | undefined
}

/** The interfaces that one flow log covers. */
export interface Network {
  account: string
  region: string
  flowLogId: string
  webs: RankedItems<NetworkInterface>
  apps: RankedItems<NetworkInterface>
  stores: RankedItems<NetworkInterface>
  resolvers: RankedItems<NetworkInterface>
  gateways: RankedItems<NetworkInterface>
  regionalGateway: NetworkInterface
  endpoints: RankedItems<NetworkInterface>
  staging: RankedItems<NetworkInterface>
  bastion: NetworkInterface
  all: RankedItems<NetworkInterface>
}

interface Subnet {
  vpcId: string
  subnetId: string
  azId: string
  prefix: string
  prefix6: string
  isEncrypted: boolean
  sublocationType: string
  sublocationId: string
  taken: Set<string>
}

const storePorts = [5432, 5432, 3306, 6379, 6379, 9092, 27017, 2049]
const tags = [
  'web',
  'web%20frontend',
  'checkout',
  'payments%2Fcore',
  'caf%C3%A9',
  'search',
  '%2D',
  'batch%2Bnight',
  'ops',
]

/** Builds the VPCs that flow log number `index` covers. */
export function createNetwork(seed: number, account: string, region: string, index: number): Network {
  const random = new Random(seed, 'network', index)
  const subnets = createSubnets(random, region, index * 2, true)
  const stagingSubnets = createSubnets(random, region, index * 2 + 1, false)
  const many = (
    count: number,
    change: (made: NetworkInterface, number: number) => Partial<NetworkInterface>,
    from = subnets,
  ): NetworkInterface[] =>
    Array.from({ length: count }, (_, number) => {
      const made = createInterface(random, account, random.pick(from), region, number)
      const changed = { ...made, ...change(made, number) }
      return {
        ...changed,
        id: flat(changed.id),
        address: flat(changed.address),
        address6: flat(changed.address6),
        secondary: changed.secondary.map(flat),
      }
    })
  const unowned = { instanceId: '-', instanceTag: '-', instanceTag2: '-', groupTag: '-', secondary: [], address6: '' }

  const webs = many(24, (_, number) => ({ port: number % 5 === 4 ? 80 : 443 }))
  const plainApps = many(60, (_, number) => ({ port: number % 3 === 0 ? 8443 : 8080 }))
  const tasks = many(20, () => ({
    port: 8080,
    instanceId: '-',
    groupTag: '-',
    ecs: createTask(random, account, region),
  }))
  const stores = many(16, (_, number) => ({ port: storePorts[number % storePorts.length] ?? 5432, address6: '' }))
  const resolvers = many(3, () => ({ port: 53 }))
  const gateways = many(3, () => ({ ...unowned, interfaceType: 'nat_gateway' }))
  const endpoints = many(4, () => ({ ...unowned, port: 443, accountId: 'unknown', interfaceType: 'vpc_endpoint' }))
  const staging = many(40, () => ({ port: 8080 }), stagingSubnets)
  const [bastion, regional] = many(2, () => ({ port: 22 }))
  if (bastion === undefined || regional === undefined) throw new RangeError('A network needs a bastion.')
  const regionalGateway = {
    ...regional,
    ...unowned,
    id: '-',
    subnetId: '-',
    port: 0,
    address: `18.204.${random.below(256)}.${random.between(1, 254)}`,
    resourceId: `nat-${random.hex(17)}`,
    interfaceType: 'regional_nat_gateway',
  }
  const apps = random.shuffle([...plainApps, ...tasks])
  return {
    account,
    region,
    flowLogId: `fl-${random.hex(17)}`,
    webs: new RankedItems(webs),
    apps: new RankedItems(apps, 4),
    stores: new RankedItems(stores, 3),
    resolvers: new RankedItems(resolvers),
    gateways: new RankedItems(gateways),
    regionalGateway,
    endpoints: new RankedItems(endpoints),
    staging: new RankedItems(staging),
    bastion,
    all: new RankedItems(
      random.shuffle([...webs, ...apps, ...stores, ...resolvers, ...gateways, ...endpoints, ...staging, bastion]),
      50,
    ),
  }
}

function createSubnets(random: Random, region: string, network: number, isEncrypted: boolean): Subnet[] {
  const vpcId = `vpc-0${random.hex(16)}`
  const zone = zonePrefix(region)
  return Array.from({ length: 6 }, (_, number) => {
    const isLocalZone = !isEncrypted && number === 5
    return {
      vpcId,
      subnetId: `subnet-0${random.hex(16)}`,
      azId: isLocalZone ? '-' : `${zone}-az${(number % 3) + 1}`,
      prefix: `10.${network % 250}.${number * 16 + random.below(16)}`,
      prefix6: `2600:1f18:${(0x4000 + network).toString(16)}:${(0xa00 + number).toString(16)}`,
      isEncrypted,
      sublocationType: isLocalZone ? 'localzone' : '-',
      sublocationId: isLocalZone ? `${zone}-bos1-az1` : '-',
      taken: new Set(),
    }
  })
}

function createInterface(
  random: Random,
  account: string,
  subnet: Subnet,
  region: string,
  number: number,
): NetworkInterface {
  const host = (): string => freeAddress(random, subnet)
  const { vpcId, subnetId, azId, sublocationType, sublocationId, isEncrypted } = subnet
  return {
    id: `eni-0${random.hex(16)}`,
    accountId: account,
    address: host(),
    address6: number % 2 === 0 ? address6(random, subnet.prefix6) : '',
    secondary: number % 4 === 1 ? [host(), host()] : [],
    port: 0,
    vpcId,
    subnetId,
    azId,
    sublocationType,
    sublocationId,
    isEncrypted,
    instanceId: `i-0${random.hex(16)}`,
    resourceId: '-',
    interfaceType: '-',
    instanceTag: random.pick(tags),
    instanceTag2: random.chance(0.5) ? `cost%20${region}` : '-',
    interfaceTag: random.chance(0.3) ? random.pick(tags) : '-',
    groupTag: random.chance(0.4) ? `asg-${random.pick(tags)}` : '-',
    ecs: undefined,
  }
}

function freeAddress(random: Random, subnet: Subnet): string {
  for (;;) {
    const address = `${subnet.prefix}.${random.between(4, 254)}`
    if (subnet.taken.has(address)) continue
    subnet.taken.add(address)
    return address
  }
}

/** `us-east-1` gives `use1`, `ap-southeast-2` gives `apse2`. */
function zonePrefix(region: string): string {
  return region
    .split('-')
    .map((part, index) => (index === 0 ? part : part.replace(/^(north|south)(east|west)$/, '$1 $2')))
    .map((part, index) =>
      index === 0
        ? part
        : part
            .split(' ')
            .map((word) => word.charAt(0))
            .join(''),
    )
    .join('')
}
