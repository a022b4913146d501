import { chainCredentials, chainRegion } from '../aws/chain.ts'
import type { CredentialSource } from '../aws/credentials.ts'
import { isRegion, readEndpoints } from '../aws/endpoints.ts'
import { HttpPools } from '../aws/pools.ts'
import { callerIdentity, roleCredentials } from '../aws/sts.ts'
import { MillraceError } from '../errors.ts'
import { type Clients, openClients } from './clients.ts'
import { loggedBuckets } from './logged-buckets.ts'
import { filled, namesOf } from './names.ts'
import { type Place, placeOf } from './place.ts'
import type { Resource } from './resource.ts'
import type { Setup } from './setup.ts'
import { wantedResources } from './wanted.ts'

/** As whom an account is set up: a profile of the machine's files, or a role; neither for the caller. */
export interface Identity {
  readonly profile?: string | undefined
  readonly roleArn?: string | undefined
}

/** An identity that STS knows. */
interface Caller {
  readonly identity: Identity
  readonly place: Place
  /** Who asks, as STS tells. */
  readonly callerArn: string
  readonly clients: Clients
}

/** An account with what is wanted in it. */
export interface Account extends Caller {
  readonly resources: readonly Resource[]
}

/** Accounts, opened for one run. */
export interface Accounts {
  readonly accounts: readonly Account[]
  close(): Promise<void>
}

export interface CallersAsked {
  readonly environment: NodeJS.ProcessEnv
  readonly identities: readonly Identity[]
  /** That of the chain without it. */
  readonly region: string | undefined
}

/** Finds out who each identity is, and what `want` wants in their accounts. Nothing is changed. */
export async function openCallers(
  { environment, identities, region }: CallersAsked,
  want: (callers: readonly Caller[]) => Promise<readonly Account[]>,
): Promise<Accounts> {
  const pools = new HttpPools()
  const endpoints = readEndpoints(environment)
  const opened: Clients[] = []
  const close = async (): Promise<void> => {
    for (const clients of opened) clients.close()
    await pools.close()
  }
  const callers = identities.map(async (identity) => {
    const there = await regionOf(environment, region, identity)
    const credentials = credentialsOf(identity, (caller) => ({ pools, credentials: caller, endpoints, region: there }))
    const caller = await callerIdentity({ pools, credentials, endpoints, region: there })
    const clients = openClients({ environment, region: there, credentials })
    opened.push(clients)
    return { identity, place: placeOf(caller.accountId, there), callerArn: caller.arn, clients }
  })
  try {
    return { accounts: await want(await Promise.all(callers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The accounts of identities, with what a setup wants in each. */
export function openAccounts({ setup, ...asked }: CallersAsked & { readonly setup: Setup }): Promise<Accounts> {
  return openCallers(asked, async (callers) => {
    const ids = callers.map(({ place }) => place.accountId)
    const accounts: Account[] = []
    for (const one of callers) {
      const buckets =
        setup.access_logs?.buckets === 'all' ? await loggedBuckets(one.clients, one.place, setup.name) : []
      accounts.push({ ...one, resources: wantedResources(setup, one.place, { accounts: ids, buckets }) })
    }
    checkBuckets(setup, accounts)
    // Flow logs of the others need the bucket's policy.
    const isOwner = ({ place }: Account): boolean => place.accountId === setup.bucket.account
    return accounts.toSorted((a, b) => Number(isOwner(b)) - Number(isOwner(a)))
  })
}

async function regionOf(
  environment: NodeJS.ProcessEnv,
  region: string | undefined,
  { profile }: Identity,
): Promise<string> {
  if (region !== undefined && !isRegion(region))
    throw new MillraceError('USAGE', `${region} is no AWS region. Give one such as eu-west-1.`)
  const found = region ?? (await chainRegion(environment, profile))
  if (found !== undefined) return found
  throw new MillraceError('SETTING_INVALID', 'No region is set. Give --region, such as eu-west-1, or set AWS_REGION.')
}

function credentialsOf(
  { profile, roleArn }: Identity,
  options: (caller: CredentialSource) => Parameters<typeof roleCredentials>[0],
): CredentialSource {
  const caller = chainCredentials({ profile })
  return roleArn === undefined ? caller : roleCredentials(options(caller), { roleArn, sessionName: 'millrace-setup' })
}

/** A bucket belongs to one account: two that are to make it cannot both. */
function checkBuckets(setup: Setup, accounts: readonly Account[]): void {
  checkSharedBucket(setup, accounts)
  const owners = accounts.filter(({ place }) => (setup.bucket.account ?? place.accountId) === place.accountId)
  const names = new Set(owners.map(({ place }) => filled(namesOf(setup, place).bucket, place)))
  if (names.size === owners.length) return
  throw new MillraceError(
    'SETTING_INVALID',
    'Several accounts would make the same bucket. Say whose it is with bucket.account, or put {account} into its name.',
  )
}

/** All accounts have to mean the same bucket, and its policy the regions of all. */
function checkSharedBucket(
  { bucket: { account, name }, delivery, flow_logs: logs }: Setup,
  accounts: readonly Account[],
): void {
  const owner = accounts.find(({ place }) => place.accountId === account)
  if (account === undefined || !logs.some(({ to }) => to === 's3')) return
  const regions = new Set(accounts.map(({ place }) => place.region))
  if (regions.size > 1 && name.includes('{region}'))
    throw new MillraceError(
      'SETTING_INVALID',
      `The accounts are set up in several regions (${[...regions].join(', ')}), so {region} in the bucket's name would mean several buckets. Give bucket.name without it, or one --region.`,
    )
  const missing = [...regions].filter((region) => region !== owner?.place.region && !delivery.regions.includes(region))
  if (owner === undefined || missing.length === 0) return
  throw new MillraceError(
    'SETTING_INVALID',
    `The policy of the bucket would not let in flow logs of ${missing.join(', ')}. Add that to delivery.regions.`,
  )
}
