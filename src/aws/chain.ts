import { MillraceError, messageOf } from '../errors.ts'
import { CachedCredentials, type CredentialSource, type Credentials } from './credentials.ts'
import { isRegion } from './endpoints.ts'
import { type Timing, systemTiming } from './timing.ts'

/** Of the SDK: it would write warnings to the terminal. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** What the standard chain is told. */
export interface ChainOptions {
  /** Of the files `~/.aws/config` and `credentials`; without it, `AWS_PROFILE` or `default`. */
  readonly profile?: string | undefined
  readonly timing?: Timing | undefined
}

/**
 * The AWS SDK's standard chain: environment, profile, SSO, process, web identity, container, instance. The SDK is loaded when keys are first
 * asked for. Each refresh goes through the chain anew, since the SDK would give the same keys once more.
 */
export function chainCredentials({ profile, timing = systemTiming }: ChainOptions = {}): CredentialSource {
  const given = profile === undefined ? {} : { profile }
  const load = async (): Promise<Credentials> => {
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
    try {
      const found = await fromNodeProviderChain({ ...given, ignoreCache: true, logger: silent })()
      return {
        accessKeyId: found.accessKeyId,
        secretAccessKey: found.secretAccessKey,
        sessionToken: found.sessionToken,
        expiresAtMs: found.expiration?.getTime(),
      }
    } catch (error) {
      const why = reasonOf(error)
      throw new MillraceError(
        'CREDENTIALS_INVALID',
        profile === undefined
          ? `There are no AWS credentials to use (${why}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role.`
          : `The profile ${profile} gives no AWS credentials (${why}). See whether ~/.aws/config has it, or renew them, such as by "aws sso login --profile ${profile}".`,
      )
    }
  }
  return new CachedCredentials(load, timing)
}

/** The SDK's words, but for those of a `credential_process`: they repeat its command line and what it printed. */
function reasonOf(error: unknown): string {
  const message = messageOf(error)
  return /command failed/i.test(message) ? 'credential_process failed' : message.replace(/\.?\s*$/, '')
}

/**
 * The region of the chain: `AWS_REGION`, then `AWS_DEFAULT_REGION`, then the profile's. Undefined where none is set. Throws SETTING_INVALID for what
 * cannot be one.
 */
export async function chainRegion(environment: NodeJS.ProcessEnv, profile?: string): Promise<string | undefined> {
  const named = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || (await profileRegion(profile))
  if (named === undefined || isRegion(named)) return named
  throw new MillraceError('SETTING_INVALID', `${named} is no AWS region. Give one such as eu-west-1 in AWS_REGION.`)
}

async function profileRegion(profile: string | undefined): Promise<string | undefined> {
  const { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS } = await import('@smithy/core/config')
  const region = await loadConfig(
    { environmentVariableSelector: () => undefined, configFileSelector: (section) => section['region'], default: '' },
    { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === undefined ? {} : { profile }) },
  )()
  return region === '' ? undefined : region
}
