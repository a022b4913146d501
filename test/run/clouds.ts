import type { Lake } from '../../src/index.ts'
import { keys } from '../aws/clients.ts'
import { serve } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'
import { WritableBucket } from '../aws/writable-bucket.ts'
import { openedLake, undoLater } from '../loading/lakes.ts'

/** A lake whose AWS is the test's own: both servers verify every signature. */
export interface Cloud {
  readonly lake: Lake
  readonly sts: StsServer
  readonly bucket: WritableBucket
}

/** The bucket `logs` with these keys, each of which is its own body. The caller's keys open it, and those of roles' sessions. */
export async function cloudOf(objects: readonly string[]): Promise<Cloud> {
  const sts = new StsServer(keys, Date.now)
  const bucket = new WritableBucket('logs', keys, Date.now)
  bucket.sessions = sts.sessions
  setEnvironment({
    AWS_ENDPOINT_URL_STS: await serve(sts.respond),
    AWS_ENDPOINT_URL_S3: await serve(bucket.respond),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  })
  for (const key of objects) bucket.put(key, Buffer.from(key))
  return { lake: await openedLake(), sts, bucket }
}

/** Sets variables until the test ends. */
export function setEnvironment(values: Readonly<Record<string, string>>): void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, values)
  undoLater(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}
