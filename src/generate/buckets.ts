import { flat } from './line-buffer.ts'
import { Random, RankedItems, itemAt } from './random.ts'

/** A bucket that writes access logs, and what lies in it. */
export interface Bucket {
  name: string
  /** Canonical user id of the owner. */
  owner: string
  /** Host names: of the bucket, of S3 in its region, and of its access point. */
  host: string
  regionalHost: string
  accessPointHost: string
  accessPointArn: string
  account: string
  region: string
  isPublic: boolean
  isVersioned: boolean
  keys: RankedItems<ObjectKey>
}

export interface ObjectKey {
  /** As in the log's key field: percent-encoded twice. */
  logged: string
  /** As in the request: percent-encoded once. */
  uri: string
  /** Size in bytes. */
  size: number
}

interface BucketKind {
  name: string
  isPublic: boolean
  isVersioned: boolean
  key(random: Random, number: number): string
}

const bucketKinds: readonly BucketKind[] = [
  { name: 'acme-data-lake', isPublic: false, isVersioned: false, key: tablePart },
  { name: 'acme-web-assets', isPublic: true, isVersioned: true, key: webAsset },
  { name: 'acme-media', isPublic: true, isVersioned: false, key: photo },
  { name: 'acme-app-uploads', isPublic: false, isVersioned: true, key: upload },
  { name: 'acme-ml-training', isPublic: false, isVersioned: false, key: tablePart },
  { name: 'acme-backups', isPublic: false, isVersioned: true, key: backup },
  { name: 'acme-reports', isPublic: false, isVersioned: true, key: report },
  { name: 'acme-exports', isPublic: false, isVersioned: false, key: tablePart },
  { name: 'acme-documents', isPublic: false, isVersioned: true, key: upload },
  { name: 'acme-archive', isPublic: false, isVersioned: false, key: backup },
  { name: 'acme-finance', isPublic: false, isVersioned: true, key: report },
  { name: 'acme-config', isPublic: false, isVersioned: true, key: report },
]

/** The busiest `count` buckets, in turn in the accounts and regions. There are at most 12. */
export function createBuckets(
  seed: number,
  count: number,
  accounts: readonly string[],
  regions: readonly string[],
): Bucket[] {
  return bucketKinds.slice(0, count).map((kind, index) => {
    const random = new Random(seed, 'bucket', index)
    const account = itemAt(accounts, index % accounts.length)
    const region = itemAt(regions, Math.floor(index / accounts.length) % regions.length)
    return {
      name: kind.name,
      owner: canonicalId(seed, accounts.indexOf(account)),
      account,
      region,
      host: flat(`${kind.name}.s3.${region}.amazonaws.com`),
      regionalHost: flat(`s3.${region}.amazonaws.com`),
      accessPointHost: flat(`analytics-${account}.s3-accesspoint.${region}.amazonaws.com`),
      accessPointArn: flat(`arn:aws:s3:${region}:${account}:accesspoint/analytics`),
      isPublic: kind.isPublic,
      isVersioned: kind.isVersioned,
      keys: new RankedItems(
        Array.from({ length: 1000 }, (_, number) => createKey(random, kind, number)),
        5,
      ),
    }
  })
}

/** The canonical user id of account number `index`: 64 hexadecimal characters. */
export function canonicalId(seed: number, index: number): string {
  return new Random(seed, 'owner', index).hex(64)
}

function createKey(random: Random, kind: BucketKind, number: number): ObjectKey {
  const uri = kind.key(random, number).split('/').map(encodeURIComponent).join('/')
  return { uri, logged: uri.replaceAll('%', '%25'), size: (1 + random.below(4000)) << random.halvings(18) }
}

function tablePart(random: Random, number: number): string {
  const table = random.pick(['events', 'orders', 'clicks', 'sessions'])
  const date = `year=2026/month=${padded(1 + (number % 12))}/day=${padded(1 + random.below(28))}`
  return `warehouse/${table}/${date}/part-${String(number).padStart(5, '0')}-${random.hex(8)}.snappy.parquet`
}

function webAsset(random: Random, number: number): string {
  const folder = random.pick(['js', 'css', 'img', 'fonts', 'pages'])
  const extension = random.pick(['js', 'css', 'svg', 'woff2', 'html'])
  return `static/${folder}/${random.pick(['app', 'vendor', 'main', 'über uns'])}.${number}.${random.hex(8)}.${extension}`
}

function photo(random: Random, number: number): string {
  return `products/${number}/${random.pick(['photo large', 'photo', 'front view', 'Größe M', 'detail+zoom'])}-${random.below(9)}.jpg`
}

function upload(random: Random, number: number): string {
  const name = random.pick([
    'scan',
    'invoice (final)',
    'contract & terms',
    "user's file",
    'résumé',
    'notes #2',
    '100% done',
  ])
  return `users/${random.hex(8)}/${name} ${number}.pdf`
}

function backup(random: Random, number: number): string {
  return `db/${random.pick(['orders', 'users', 'ledger'])}/2026-${padded(1 + (number % 12))}-${padded(1 + random.below(28))}/dump-${number}.sql.gz`
}

function report(random: Random, number: number): string {
  return `${random.pick(['Q1 2026', 'Q2 2026', '2025', 'drafts'])}/${random.pick(['revenue', 'usage', 'costs'])}-${number}.${random.pick(['csv', 'xlsx', 'json'])}`
}

function padded(number: number): string {
  return String(number).padStart(2, '0')
}
