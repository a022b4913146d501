import type { S3Options } from '../../src/aws/bucket-http.ts'
import type { Credentials, CredentialSource } from '../../src/aws/credentials.ts'
import { customEndpoint } from '../../src/aws/endpoints.ts'
import type { PoolLimits } from '../../src/aws/pools.ts'
import { S3Client } from '../../src/aws/s3.ts'
import { S3Writer, type S3WriterOptions } from '../../src/aws/s3-writer.ts'
import type { Timing } from '../../src/aws/timing.ts'
import { openPools } from './servers.ts'

export const keys: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
  expiresAtMs: undefined,
}

/** The same keys, always. */
export function fixed(credentials: Credentials): CredentialSource {
  return { get: async () => credentials, replace: async () => credentials }
}

/** A clock that goes only while somebody waits, and then at once. Each wait is noted. */
export class TestClock implements Timing {
  time = Date.UTC(2026, 10, 21, 16)
  chance = 0.5
  readonly waits: number[] = []

  readonly now = (): number => this.time
  readonly random = (): number => this.chance
  readonly wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    this.waits.push(ms)
    this.time += ms
  }
}

/** A client of one server, with a clock of the test. */
export function clientOf(
  url: string,
  { limits, pools = openPools(limits), ...options }: Partial<S3Options> & { limits?: Partial<PoolLimits> } = {},
): S3Client {
  return new S3Client({
    pools,
    credentials: fixed(keys),
    timing: new TestClock(),
    endpoints: () => customEndpoint(url, 'AWS_ENDPOINT_URL'),
    region: 'eu-west-1',
    ...options,
  })
}

/** The same, for what changes buckets. */
export function writerOf(url: string, { pools = openPools(), ...options }: Partial<S3WriterOptions> = {}): S3Writer {
  return new S3Writer({
    pools,
    credentials: fixed(keys),
    timing: new TestClock(),
    endpoints: () => customEndpoint(url, 'AWS_ENDPOINT_URL'),
    region: 'eu-west-1',
    ...options,
  })
}

export async function all<Value>(parts: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = []
  for await (const part of parts) found.push(part)
  return found
}

export async function bytesOf(body: AsyncIterable<unknown>): Promise<Buffer> {
  return Buffer.concat((await all(body)).filter((part) => Buffer.isBuffer(part)))
}
