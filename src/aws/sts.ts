import { MillraceError } from '../errors.ts'
import { CachedCredentials, type CredentialSource, type Credentials } from './credentials.ts'
import { encodeQuery } from './encode.ts'
import type { Endpoints } from './endpoints.ts'
import { explain } from './explain.ts'
import { ServiceFailure, timeOf } from './service-failure.ts'
import { SignedHttp, type SignedHttpOptions } from './signed-http.ts'
import { systemTiming } from './timing.ts'
import { type XmlElement, childOf, parseXml, textOf } from './xml.ts'

/** How STS is asked. `credentials` are those of the caller. */
export interface StsOptions extends SignedHttpOptions {
  readonly endpoints: Endpoints
  readonly region: string
}

/** A role to take on. */
export interface RoleRequest {
  /** Such as `arn:aws:iam::123456789012:role/logs`. */
  readonly roleArn: string
  /** What the role's trust policy asks for. No secret. */
  readonly externalId?: string | undefined
  /** Shown in CloudTrail; `millrace` without it. */
  readonly sessionName?: string | undefined
  /** From 900 up to what the role allows; 3600 without it. */
  readonly durationSeconds?: number | undefined
}

/** Who signs. */
export interface CallerIdentity {
  readonly accountId: string
  /** Such as `arn:aws:sts::123456789012:assumed-role/collector/session`. */
  readonly arn: string
}

const maxAnswerBytes = 256 * 1024

/** Keys of a role, assumed again before they expire. Rejects with ACCESS_DENIED when the role may not be assumed. */
export function roleCredentials(options: StsOptions, role: RoleRequest): CredentialSource {
  checkRole(role)
  return new CachedCredentials(() => assumeRole(options, role), options.timing ?? systemTiming)
}

/** Who the caller is, which needs no permission. */
export async function callerIdentity(options: StsOptions, signal?: AbortSignal): Promise<CallerIdentity> {
  const subject = { name: 'The identity of the caller', action: 'sts:GetCallerIdentity', resource: '*' }
  try {
    const result = childOf(await ask(options, { Action: 'GetCallerIdentity' }, signal), 'GetCallerIdentityResult')
    const accountId = textOf(result, 'Account')
    const arn = textOf(result, 'Arn')
    if (accountId !== undefined && arn !== undefined) return { accountId, arn }
  } catch (error) {
    throw explain(error, subject, timeNow(options))
  }
  throw unknownAnswer(subject.name)
}

async function assumeRole(options: StsOptions, role: RoleRequest): Promise<Credentials> {
  const { roleArn, externalId, sessionName = 'millrace', durationSeconds = 3600 } = role
  try {
    const answer = await ask(options, {
      Action: 'AssumeRole',
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ExternalId: externalId,
      DurationSeconds: String(durationSeconds),
    })
    const credentials = readCredentials(childOf(childOf(answer, 'AssumeRoleResult'), 'Credentials'))
    if (credentials !== undefined) return credentials
  } catch (error) {
    if (error instanceof ServiceFailure && error.status === 403 && error.code === 'AccessDenied')
      throw deniedRole(error, role)
    const subject = { name: `The role ${roleArn}`, action: 'sts:AssumeRole', resource: roleArn }
    throw explain(error, subject, timeNow(options))
  }
  throw unknownAnswer(`The role ${roleArn}`)
}

async function ask(
  options: StsOptions,
  parameters: Record<string, string | undefined>,
  signal?: AbortSignal,
): Promise<XmlElement> {
  const { endpoints, region } = options
  const { origin, host, basePath } = endpoints('sts', region)
  const { body } = await new SignedHttp(options).send(
    {
      origin,
      host,
      method: 'POST',
      path: `${basePath}/`,
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'user-agent': 'millrace' },
      body: encodeQuery({ ...parameters, Version: '2011-06-15' }),
      scope: { region, service: 'sts' },
      signal,
    },
    maxAnswerBytes,
  )
  try {
    return parseXml(body.toString('utf8'))
  } catch {
    throw unknownAnswer('STS')
  }
}

function readCredentials(given: XmlElement | undefined): Credentials | undefined {
  const accessKeyId = textOf(given, 'AccessKeyId')
  const secretAccessKey = textOf(given, 'SecretAccessKey')
  const sessionToken = textOf(given, 'SessionToken')
  const expiresAtMs = timeOf(textOf(given, 'Expiration'))
  if (
    accessKeyId === undefined ||
    secretAccessKey === undefined ||
    sessionToken === undefined ||
    expiresAtMs === undefined
  )
    return undefined
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs }
}

/** The API reference's limits (STS, AssumeRole), and what the ARN must look like. */
function checkRole({ roleArn, externalId, sessionName, durationSeconds }: RoleRequest): void {
  const refuse = (what: string): never => {
    throw new MillraceError('USAGE', what)
  }
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(roleArn))
    refuse(`${roleArn} is no ARN of a role. Give one such as arn:aws:iam::123456789012:role/logs.`)
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    refuse('An external id has 2 to 1224 letters, digits and _+=,.@:/-.')
  if (sessionName !== undefined && !/^[\w+=,.@-]{2,64}$/.test(sessionName))
    refuse('A session name has 2 to 64 letters, digits and _+=,.@-.')
  if (durationSeconds !== undefined && !(durationSeconds >= 900 && durationSeconds <= 43_200))
    refuse('A session of a role lasts 900 to 43200 seconds.')
}

function deniedRole(failure: ServiceFailure, { roleArn, externalId }: RoleRequest): MillraceError {
  const who = /^User: (\S+)/.exec(failure.message)?.[1]
  const condition =
    externalId === undefined ? 'no condition on sts:ExternalId' : `the condition sts:ExternalId = ${externalId}`
  return new MillraceError(
    'ACCESS_DENIED',
    `The role ${roleArn} may not be assumed${who === undefined ? '' : ` by ${who}`}. Its trust policy must allow sts:AssumeRole to ${who ?? 'the caller'} with ${condition}, and a policy of the caller must allow sts:AssumeRole on the role.`,
    failure,
  )
}

function unknownAnswer(name: string): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `${name} could not be asked for: the answer of STS is not in its form. See whether AWS_ENDPOINT_URL_STS is right.`,
  )
}

function timeNow({ timing = systemTiming }: StsOptions): number {
  return timing.now()
}
