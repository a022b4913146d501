import type { S3Options } from './bucket-http.ts'
import { chainCredentials, chainRegion } from './chain.ts'
import type { CredentialSource } from './credentials.ts'
import { type Endpoints, customEndpoint, readEndpoints } from './endpoints.ts'
import { LogsClient } from './logs.ts'
import { HttpPools } from './pools.ts'
import { S3Client } from './s3.ts'
import { S3Writer } from './s3-writer.ts'
import { SqsClient } from './sqs.ts'
import { callerIdentity, roleCredentials } from './sts.ts'
import { type Timing, systemTiming } from './timing.ts'

/** Where buckets are looked for first when no region is set; others are found out by bucket. */
const usualRegion = 'us-east-1'

/** As whom, and where, a service is reached; without a role, as the caller. */
export interface Access {
  /** A role to take on, such as `arn:aws:iam::123456789012:role/logs`. */
  readonly roleArn?: string | undefined
  readonly externalId?: string | undefined
  /** The URL of an S3 that is not AWS's. */
  readonly endpoint?: string | undefined
  /** The caller pays for requests to a bucket whose owner does not. */
  readonly requesterPays?: boolean | undefined
}

/** AWS as the standard chain and variables of its SDKs have it: credentials, region, endpoints. Clients share connections. */
export class Aws {
  readonly region: string
  private readonly endpoints: Endpoints
  private readonly timing: Timing
  private readonly pools = new HttpPools()
  private readonly caller = chainCredentials()
  private readonly roles = new Map<string, CredentialSource>()
  private readonly clients = new Map<string, S3Client>()
  private readonly logClients = new Map<string, LogsClient>()

  private constructor(endpoints: Endpoints, region: string, timing: Timing) {
    this.endpoints = endpoints
    this.region = region
    this.timing = timing
  }

  static async open(environment: NodeJS.ProcessEnv, timing = systemTiming): Promise<Aws> {
    return new Aws(readEndpoints(environment), (await chainRegion(environment)) ?? usualRegion, timing)
  }

  /** S3 with what access names; the same client for the same access, since it keeps what it learned of buckets. */
  s3(access: Access = {}): S3Client {
    const key = JSON.stringify([access.roleArn, access.externalId, access.endpoint])
    const known = this.clients.get(key)
    if (known !== undefined) return known
    const client = new S3Client(this.s3Options(access))
    this.clients.set(key, client)
    return client
  }

  /** What changes buckets, with what access names. */
  s3Writer(access: Access = {}): S3Writer {
    return new S3Writer(this.s3Options(access))
  }

  /** SQS as the caller, or as a role. Without a region, that of the chain; a queue's URL or ARN may name another. */
  sqs(region = this.region, access: Omit<Access, 'endpoint'> = {}): SqsClient {
    const { pools, endpoints, timing } = this
    return new SqsClient({ pools, credentials: this.credentials(access), endpoints, region, timing })
  }

  /** CloudWatch Logs of a region; the same client for the same region, role and pace, since its requests a second are counted together. */
  logs(region: string, { roleArn, externalId }: Omit<Access, 'endpoint'>, perSecond: number): LogsClient {
    const key = JSON.stringify([region, roleArn, externalId, perSecond])
    const known = this.logClients.get(key)
    if (known !== undefined) return known
    const { pools, endpoints, timing } = this
    const credentials = this.credentials({ roleArn, externalId })
    const client = new LogsClient({ pools, credentials, endpoints, region, timing, perSecond })
    this.logClients.set(key, client)
    return client
  }

  /** The ARN that a role's trust policy names to let Millrace take it on: the caller's, of a role for a role's session. */
  async trustedArn(signal?: AbortSignal): Promise<string> {
    const { pools, caller: credentials, endpoints, region } = this
    return trusted((await callerIdentity({ pools, credentials, endpoints, region }, signal)).arn)
  }

  /** Proves that there are keys to sign with: the caller's, or those of a role, which is taken on anew. Rejects with CREDENTIALS_INVALID or ACCESS_DENIED. */
  async proveCredentials({ roleArn, externalId }: Omit<Access, 'endpoint'>): Promise<void> {
    const { pools, caller: credentials, endpoints, region } = this
    const source =
      roleArn === undefined
        ? credentials
        : roleCredentials({ pools, credentials, endpoints, region }, { roleArn, externalId })
    await source.get()
  }

  close(): Promise<void> {
    return this.pools.close()
  }

  private s3Options(access: Access): S3Options {
    return {
      pools: this.pools,
      credentials: this.credentials(access),
      endpoints: access.endpoint === undefined ? this.endpoints : only(access.endpoint),
      timing: this.timing,
      region: this.region,
    }
  }

  private credentials({ roleArn, externalId }: Access): CredentialSource {
    if (roleArn === undefined) return this.caller
    const key = JSON.stringify([roleArn, externalId])
    const known = this.roles.get(key)
    if (known !== undefined) return known
    const { pools, caller: credentials, endpoints, region } = this
    const source = roleCredentials({ pools, credentials, endpoints, region }, { roleArn, externalId })
    this.roles.set(key, source)
    return source
  }
}

/** `arn:aws:sts::1:assumed-role/name/session` is a session of `arn:aws:iam::1:role/name`. */
function trusted(arn: string): string {
  return arn.replace(/^(arn:[a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3')
}

function only(url: string): Endpoints {
  const endpoint = customEndpoint(/^https?:\/\//.test(url) ? url : `https://${url}`, 'ENDPOINT')
  return () => endpoint
}
