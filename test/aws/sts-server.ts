import type { Credentials } from '../../src/aws/credentials.ts'
import type { Answer } from './answers.ts'
import type { Respond } from './servers.ts'
import { verifySignature } from './verify-signature.ts'

/** What STS does for one caller, as far as it is asked here: it verifies signatures, and the external ids that roles ask for. */
export class StsServer {
  /** What each request asked for, in the order they came. */
  readonly met: URLSearchParams[] = []
  /** Given instead of an answer, one for each request. */
  readonly faults: Answer[] = []
  /** Keys of roles' sessions. */
  readonly sessions: Credentials[] = []
  /** External ids, by the roles whose trust policies ask for them. */
  readonly trusts = new Map<string, string>()
  callerArn = 'arn:aws:iam::123456789012:user/a&b'
  private readonly keys: Credentials
  private readonly now: () => number

  constructor(keys: Credentials, now: () => number) {
    this.keys = keys
    this.now = now
  }

  readonly respond: Respond = (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const asked = new URLSearchParams(body)
      this.met.push(asked)
      const fault = this.faults.shift()
      const verdict = verifySignature(request, body, this.keys, this.now())
      if (fault !== undefined) fault(response, request)
      else if ('code' in verdict) denied(verdict.code, asked)(response, request)
      else if (verdict.service !== 'sts' || verdict.region !== 'eu-west-1')
        denied('SignatureDoesNotMatch', asked)(response, request)
      else if (asked.get('Action') === 'GetCallerIdentity') response.end(this.identity())
      else if (this.isTrusted(asked)) response.end(this.session(Number(asked.get('DurationSeconds'))))
      else denied('AccessDenied', asked)(response, request)
    })
  }

  private isTrusted(asked: URLSearchParams): boolean {
    const externalId = this.trusts.get(asked.get('RoleArn') ?? '')
    return externalId !== undefined && asked.get('ExternalId') === externalId
  }

  private identity(): string {
    const arn = this.callerArn.replaceAll('&', '&amp;')
    return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
  }

  private session(seconds: number): string {
    const number = this.met.length
    const expiresAtMs = this.now() + seconds * 1000
    const session = {
      accessKeyId: `ASIA${number}`,
      secretAccessKey: 's/e+c=',
      sessionToken: `token${number}`,
      expiresAtMs,
    }
    this.sessions.push(session)
    return `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${session.accessKeyId}</AccessKeyId><SecretAccessKey>${session.secretAccessKey}</SecretAccessKey><SessionToken>${session.sessionToken}</SessionToken><Expiration>${new Date(expiresAtMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
  }
}

function denied(code: string, asked: URLSearchParams): Answer {
  return (response) => {
    response
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>User: arn:aws:iam::123456789012:user/collector is not authorized to perform: sts:AssumeRole on resource: ${asked.get('RoleArn') ?? ''}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      )
  }
}
