/** What AWS writes into an object's path: see the S3 layouts of VPC Flow Logs and of S3 server access logs. */
export interface PathFacts {
  readonly accountId: string | undefined
  readonly region: string | undefined
  /** Epoch milliseconds of the finest date the path names. */
  readonly dateMs: number | undefined
}

const region = '[a-z]{2}(?:-[a-z]+)+-\\d'
const flowFolder = new RegExp(
  `AWSLogs/(?:aws-account-id=)?(\\d{12})/(?:aws-service=|service=)?vpcflowlogs/(?:aws-region=)?(${region})/`,
)
const flowFile = new RegExp(`(?:^|/)(\\d{12})_vpcflowlogs_(${region})_`)
const accessFolder = new RegExp(`(?:^|/)(\\d{12})/(${region})/[^/]+/\\d{4}/\\d{2}/\\d{2}/[^/]+$`)
const dates = [
  /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_/,
  /(?:^|\/)(\d{4})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-[0-9A-F]{16}/,
  /year=(\d{4})\/month=(\d{2})\/day=(\d{2})(?:\/hour=(\d{2}))?\//,
  /(?:^|\/)(\d{4})\/(\d{2})\/(\d{2})\/(?:(\d{2})\/)?/,
]

function dateOf(path: string): number | undefined {
  const match = dates.map((pattern) => pattern.exec(path)).find((found) => found !== null)
  if (match === undefined || match === null) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? 0 : Number(part)))
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Reads account, region and date from a path with `/` between its parts. */
export function readPath(path: string): PathFacts {
  const owner = flowFolder.exec(path) ?? flowFile.exec(path) ?? accessFolder.exec(path)
  return { accountId: owner?.[1], region: owner?.[2], dateMs: dateOf(path) }
}

/** False for names that hold no log: hidden ones, markers (`_SUCCESS`) and `.md` files. */
export function isLogName(name: string): boolean {
  return !name.startsWith('.') && !name.startsWith('_') && !name.toLowerCase().endsWith('.md')
}
