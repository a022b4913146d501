import { accessSync, constants, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Diagnosis } from '../api.ts'
import type { Access, Aws } from '../aws/aws.ts'
import { MillraceError, messageOf } from '../errors.ts'
import { readLogGroupUrl } from '../stages/log-group.ts'
import { readS3Url } from '../stages/s3.ts'
import { within } from './check.ts'

/** Whether a folder of this machine can be read. */
export function examineFolder(subject: string, url: string): Diagnosis[] {
  const path = fileURLToPath(url)
  const found = (message: string, mend: string): Diagnosis[] => [{ level: 'error', subject, message, mend }]
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return found(`The folder ${path} does not exist.`, 'Make it, or drop the stage.')
  if (!stats.isDirectory()) return found(`${path} is no folder.`, 'Make a stage with the folder that the file is in.')
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
    return []
  } catch (error) {
    return found(`The folder ${path} cannot be read (${messageOf(error)}).`, 'Let the user that runs Millrace read it.')
  }
}

/** Whether there are keys to sign with, and a role can be taken on by them, but by nobody without the external id. */
export async function examineAccess(
  subject: string,
  aws: () => Promise<Aws>,
  { roleArn, externalId }: Access,
): Promise<readonly Diagnosis[]> {
  const caller = await within(subject, 'The source of the AWS credentials', async () => {
    await (await aws()).proveCredentials({})
    return []
  })
  if (roleArn === undefined || caller.length > 0) return caller
  const role = await within(subject, `STS, asked for the role ${roleArn},`, async () => {
    await (await aws()).proveCredentials({ roleArn, externalId })
    return []
  })
  if (externalId === undefined || role.length > 0) return role
  return within(subject, `STS, asked for the role ${roleArn},`, async () => {
    try {
      await (await aws()).proveCredentials({ roleArn })
    } catch (error) {
      // As it should be.
      if (error instanceof MillraceError && error.code === 'ACCESS_DENIED') return []
      throw error
    }
    const message = `The role ${roleArn} can be assumed without its external id, so others could have Millrace read for them.`
    const mend = `Add the condition sts:ExternalId = ${externalId} to the trust policy of ${roleArn}.`
    return [{ level: 'warning', subject, message, mend }]
  })
}

/** Whether events of a log group can be asked for. */
export async function examineLogGroup(
  subject: string,
  aws: () => Promise<Aws>,
  { url, access }: { readonly url: string; readonly access: Access },
): Promise<readonly Diagnosis[]> {
  const { region, group } = readLogGroupUrl(url)
  return within(subject, `CloudWatch Logs, asked for ${group},`, async (signal) => {
    const now = Date.now()
    await (await aws()).logs(region, access, 1).events({ group, fromMs: now - 60_000, toMs: now, limit: 1, signal })
    return []
  })
}

/** Whether what lies behind a URL is listed, and its first object can be read. `prefix` stands behind the URL. */
export async function examineBucket(
  subject: string,
  aws: () => Promise<Aws>,
  { url, prefix, access }: { readonly url: string; readonly prefix: string; readonly access: Access },
): Promise<readonly Diagnosis[]> {
  const { bucket, path } = readS3Url(url)
  const place = `s3://${bucket}/${path}${prefix}`
  const state: { key: string | undefined } = { key: undefined }
  const listed = await within(subject, `The list of ${place}`, async (signal) => {
    const client = (await aws()).s3(access)
    const { objects } = await client.listPage({ bucket, prefix: path + prefix, pageSize: 10, signal })
    state.key = objects.find(({ key, storageClass }) => !key.endsWith('/') && isReadable(storageClass))?.key
    return []
  })
  const { key } = state
  if (listed.length > 0 || key === undefined) return listed
  return within(subject, `s3://${bucket}/${key}`, async (signal) => {
    try {
      const { body } = await (await aws()).s3(access).getObject({ bucket, key, signal })
      body.destroy()
    } catch (error) {
      if (!(error instanceof MillraceError) || !ofObject.has(error.code)) throw error
    }
    return []
  })
}

/** Said of the one object, and not of the way to it. */
const ofObject: ReadonlySet<string> = new Set(['FILE_ARCHIVED', 'FILE_VANISHED', 'FILE_CHANGED'])

function isReadable(storageClass: string): boolean {
  return storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE'
}

const largestSkewMs = 60_000

/** Whether this machine's clock is that of S3. */
export async function examineClock(
  aws: () => Promise<Aws>,
  url: string,
  access: Access,
): Promise<readonly Diagnosis[]> {
  const { bucket } = readS3Url(url)
  const subject = 'clock'
  const found = await within(subject, `The bucket ${bucket}`, async (signal) => {
    const theirs = await (await aws()).s3(access).serverTimeMs(bucket, signal)
    const skewMs = theirs === undefined ? 0 : Date.now() - theirs
    if (Math.abs(skewMs) < largestSkewMs) return []
    const minutes = Math.round(Math.abs(skewMs) / 60_000)
    const way = skewMs > 0 ? 'ahead of' : 'behind'
    const message = `This machine's clock is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${way} that of S3.`
    const mend = 'Set the clock, best by a time service: S3 refuses requests that are 15 minutes off.'
    return [{ level: Math.abs(skewMs) > 10 * 60_000 ? 'error' : 'warning', subject, message, mend }]
  })
  // What else is wrong is said of the stage.
  return found.filter(({ message }) => message.startsWith('This machine'))
}
