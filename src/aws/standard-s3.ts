import { chainCredentials, chainRegion } from './chain.ts'
import { readEndpoints } from './endpoints.ts'
import { HttpPools } from './pools.ts'
import { S3Client } from './s3.ts'

/** Where buckets are looked for first when no region is set; others are found out by bucket. */
const usualRegion = 'us-east-1'

/** A client and the connections it holds. */
export interface StandardS3 {
  readonly client: S3Client
  close(): Promise<void>
}

/** S3 as the standard chain and variables of the AWS SDKs have it: credentials, region, endpoints. */
export async function openStandardS3(environment: NodeJS.ProcessEnv): Promise<StandardS3> {
  const endpoints = readEndpoints(environment)
  const region = (await chainRegion(environment)) ?? usualRegion
  const pools = new HttpPools()
  const client = new S3Client({ pools, credentials: chainCredentials(), endpoints, region })
  return { client, close: () => pools.close() }
}
