import type { S3 } from '@aws-sdk/client-s3'
import type { Clients } from './clients.ts'
import type { Place } from './place.ts'
import { explained } from './refusals.ts'
import { isMadeBy, setupTag } from './step.ts'

/** A bucket of an account, the requests to which may be logged. */
export interface LoggedBucket {
  readonly name: string
  /** Why its requests are not logged where those to all buckets are: logs of logs would come without end. Ends a sentence: `it is …`. */
  readonly leftOut?: string
}

/** Those in the place's region: S3 logs into buckets of the same region only. */
export async function loggedBuckets(
  clients: Clients,
  { region, accountId }: Place,
  setup: string,
): Promise<LoggedBucket[]> {
  const s3 = await clients.s3()
  const names = await namesOf(s3, region)
  const looks = names.map(async (Bucket) => {
    const asked = { Bucket, ExpectedBucketOwner: accountId }
    // What may not be read is told where its logging is compared.
    const [tagging, logging] = await Promise.all([
      s3.getBucketTagging(asked).catch(() => undefined),
      s3.getBucketLogging(asked).catch(() => undefined),
    ])
    return { name: Bucket, tags: tagging?.TagSet ?? [], target: logging?.LoggingEnabled?.TargetBucket }
  })
  const found = await Promise.all(looks)
  return found.map(({ name, tags }) => {
    const maker = isMadeBy(setup, tags) ? undefined : tags.find(({ Key }) => Key === setupTag)?.Value
    const source = found.find((other) => other.name !== name && other.target === name)
    if (maker !== undefined) return { name, leftOut: `it is the bucket for logs of the setup ${maker}` }
    return source === undefined ? { name } : { name, leftOut: `it takes the logs of the bucket ${source.name}` }
  })
}

async function namesOf(s3: S3, region: string): Promise<string[]> {
  const names: string[] = []
  let ContinuationToken: string | undefined
  try {
    do {
      const asked = ContinuationToken === undefined ? {} : { ContinuationToken }
      const page = await s3.listBuckets({ BucketRegion: region, MaxBuckets: 1000, ...asked })
      names.push(...(page.Buckets ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])))
      ContinuationToken = page.ContinuationToken
    } while (ContinuationToken !== undefined)
  } catch (error) {
    throw explained(error, 'Listing the buckets')
  }
  return names.toSorted()
}

/** Whether the logs of a bucket go into another one, be it through others. */
export async function logsReach(s3: S3, from: string, to: string, account: string): Promise<boolean> {
  const met = [from]
  for (const Bucket of met) {
    const { LoggingEnabled } = await s3.getBucketLogging({ Bucket, ExpectedBucketOwner: account })
    const next = LoggingEnabled?.TargetBucket
    if (next === to) return true
    if (next !== undefined && !met.includes(next)) met.push(next)
  }
  return false
}
