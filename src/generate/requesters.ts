import { canonicalId } from './buckets.ts'
import { flat } from './line-buffer.ts'
import { address6 } from './outside.ts'
import { Random, RankedItems } from './random.ts'

/** Somebody who sends requests to S3, and how. */
export interface Requester {
  /** As in the log; `-` without credentials. */
  name: string
  remoteIp: string
  userAgent: string
  isBrowser: boolean
  /** Puts the bucket into the path instead of the host name. */
  isPathStyle: boolean
  usesAccessPoint: boolean
  signature: string
  tlsVersion: string
  cipherSuite: string
  sourceRegion: string
}

/** The requesters with credentials, the busiest first, and the public. */
export interface Requesters {
  known: RankedItems<Requester>
  anonymous: RankedItems<Requester>
}

const programAgents = [
  'aws-cli/2.17.44 md/awscrt#0.21.2 ua/2.0 os/linux#5.10.223 md/arch#x86_64 lang/python#3.11.9 cfg/retry-mode#standard md/command#s3.sync',
  'Boto3/1.34.162 md/Botocore#1.34.162 ua/2.0 os/linux#6.1.97 md/arch#x86_64 lang/python#3.12.4 Botocore/1.34.162',
  'Hadoop 3.3.6, aws-sdk-java/1.12.599 Linux/5.10.219 OpenJDK_64-Bit_Server_VM/17.0.11 java/17.0.11 vendor/Amazon.com_Inc. cfg/retry-mode/legacy',
  '[aws-sdk-java/2.25.60 Linux/6.1.94-99.176.amzn2023.x86_64 OpenJDK_64-Bit_Server_VM/21.0.3+9-LTS Java/21.0.3 kotlin/1.9.23 io/sync]',
  'aws-sdk-js/3.600.0 ua/2.1 os/linux#5.10 lang/js md/nodejs#20.15.0 api/s3#3.600.0',
  'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#arm64 api/s3#1.58.2',
  'rclone/v1.67.0',
  'S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750',
  '-',
]

const browserAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'curl/8.8.0',
]

/** Builds the population of requesters. */
export function createRequesters(seed: number, accounts: readonly string[], regions: readonly string[]): Requesters {
  const random = new Random(seed, 'requesters')
  const known = Array.from({ length: 90 }, (_, index) =>
    knownRequester(random, seed, index, random.pick(accounts), random.pick(regions)),
  )
  const anonymous = Array.from({ length: 1500 }, () => browser(random))
  return { known: new RankedItems(known, 3), anonymous: new RankedItems(anonymous, 20) }
}

function knownRequester(random: Random, seed: number, index: number, account: string, region: string): Requester {
  const name = requesterName(random, seed, index, account)
  const isService = name.startsWith('svc:')
  const isInside = random.chance(0.5)
  const usesAccessPoint = name.includes('/emr-worker/')
  const remoteIp = isInside ? insideAddress(random) : publicAddress(random)
  return {
    name: flat(name),
    remoteIp: isService ? '-' : flat(remoteIp),
    userAgent: random.pick(programAgents),
    isBrowser: false,
    isPathStyle: !usesAccessPoint && random.chance(0.15),
    usesAccessPoint,
    signature: random.chance(0.02) ? 'SigV2' : 'SigV4',
    ...transport(random),
    sourceRegion: isInside || random.chance(0.4) ? '-' : region,
  }
}

function requesterName(random: Random, seed: number, index: number, account: string): string {
  const assumed = `arn:aws:sts::${account}:assumed-role`
  switch (index % 8) {
    case 0:
    case 1:
      return `${assumed}/${random.pick(['app-server', 'etl-runner', 'web-frontend'])}/i-0${random.hex(16)}`
    case 2:
      return `${assumed}/emr-worker/spark-${random.hex(6)}`
    case 3:
      return `${assumed}/AWSReservedSSO_DataEngineer_${random.hex(16)}/${random.pick(['ana', 'bo', 'chi', 'dara'])}@example.com`
    case 4:
      return `arn:aws:iam::${account}:user/${random.pick(['deploy', 'backup', 'ci/publisher', 'analyst'])}-${index}`
    case 5:
      return canonicalId(seed, 100 + index)
    case 6:
      return random.pick([
        'svc:cloudtrail.amazonaws.com',
        'svc:delivery.logs.amazonaws.com',
        'svc:athena.amazonaws.com',
      ])
    default:
      return `${assumed}/lambda-thumbnails/thumbnails-${random.below(4)}`
  }
}

function browser(random: Random): Requester {
  return {
    name: '-',
    remoteIp: flat(publicAddress(random)),
    userAgent: random.pick(browserAgents),
    isBrowser: true,
    isPathStyle: false,
    usesAccessPoint: false,
    signature: '-',
    ...transport(random),
    sourceRegion: '-',
  }
}

function transport(random: Random): { tlsVersion: string; cipherSuite: string } {
  const draw = random.below(100)
  if (draw < 2) return { tlsVersion: '-', cipherSuite: '-' }
  if (draw < 4) return { tlsVersion: 'TLSv1.1', cipherSuite: 'ECDHE-RSA-AES128-SHA' }
  if (draw < 50) return { tlsVersion: draw < 8 ? 'TLSV1.2' : 'TLSv1.2', cipherSuite: 'ECDHE-RSA-AES128-GCM-SHA256' }
  return { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' }
}

function insideAddress(random: Random): string {
  return `10.${random.below(20)}.${random.below(96)}.${random.between(4, 254)}`
}

function publicAddress(random: Random): string {
  if (random.chance(0.08)) return address6(random, random.pick(['2a02:8109', '2003:c6', '2601:646']))
  return `${random.pick([24, 62, 73, 81, 86, 91, 109])}.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`
}
