import type { FlowLog } from '@aws-sdk/client-ec2'
import type { Diagnosis } from '../api.ts'
import { type Clients, openClients } from '../aws-setup/clients.ts'
import { type Statement, denialsOfWriting, namesAction, readPolicy } from '../aws-setup/policy.ts'
import { describe } from '../aws-setup/resources/flow-log.ts'
import { refusalCode, unless } from '../aws-setup/refusals.ts'
import { chainCredentials } from '../aws/chain.ts'
import { until } from '../aws/timing.ts'
import { messageOf } from '../errors.ts'
import type { Pipe } from '../pipes/pipe.ts'
import { readS3Url } from '../stages/s3.ts'

/** What AWS delivers into a bucket, and by which of its services. */
const services = {
  'flow logs': 'delivery.logs.amazonaws.com',
  'access logs': 'logging.s3.amazonaws.com',
} as const

type Logs = keyof typeof services

/** A bucket that pipes read, and what of. */
export interface DeliveredBucket {
  readonly bucket: string
  /** Empty where a pipe reads lines of any kind. */
  readonly logs: readonly Logs[]
}

/** The buckets of AWS's S3 that pipes read, each once. Pure. */
export function deliveredBuckets(pipes: readonly Pipe[]): DeliveredBucket[] {
  const found = new Map<string, Set<Logs>>()
  for (const { url, access, reading } of pipes) {
    if (!url.startsWith('s3:') || access.endpoint !== undefined) continue
    const { bucket } = readS3Url(url)
    const logs = found.get(bucket) ?? new Set<Logs>()
    found.set(bucket, logs)
    const type = reading.type?.name
    if (type === 's3-access-logs') logs.add('access logs')
    if (type === 'vpc-flow-logs' || type === 'tgw-flow-logs') logs.add('flow logs')
  }
  return [...found].map(([bucket, logs]) => ({ bucket, logs: [...logs] }))
}

/**
 * Looks at what delivers logs into buckets: whether their policies let it, and what the flow logs of this account and region say of themselves. Only
 * reads; who may not read these things is told so, since reading logs does not need it.
 */
export async function examineDeliveries(buckets: readonly DeliveredBucket[], on: Clients): Promise<Diagnosis[]> {
  const found = await Promise.all(buckets.map((one) => examineDelivery(one, on)))
  return found.flat()
}

/** The same as the environment's caller; nothing where S3 is somebody's else than AWS's. */
export async function examineOwnDeliveries(
  pipes: readonly Pipe[],
  { region, environment }: { readonly region: string; readonly environment: NodeJS.ProcessEnv },
): Promise<Diagnosis[]> {
  const buckets = deliveredBuckets(pipes)
  const isForeign = Boolean(environment['AWS_ENDPOINT_URL_S3']) && !environment['AWS_ENDPOINT_URL']
  if (buckets.length === 0 || isForeign) return []
  const clients = openClients({ environment, region, credentials: chainCredentials() })
  try {
    return await examineDeliveries(buckets, clients)
  } finally {
    clients.close()
  }
}

async function examineDelivery({ bucket, logs }: DeliveredBucket, on: Clients): Promise<Diagnosis[]> {
  const subject = `bucket ${bucket}`
  const parts = [
    orUnseen(subject, 'its policy', async () => judgePolicy(subject, bucket, logs, await statementsOf(bucket, on))),
  ]
  if (logs.length === 0 || logs.includes('flow logs'))
    parts.push(
      orUnseen(subject, 'the flow logs that come into it', async () => judgeFlowLogs(subject, await into(bucket, on))),
    )
  return (await Promise.all(parts)).flat()
}

const limitMs = 8000

async function orUnseen(subject: string, what: string, look: () => Promise<Diagnosis[]>): Promise<Diagnosis[]> {
  try {
    return await until(AbortSignal.timeout(limitMs), look())
  } catch (error) {
    const why = refusalCode(error) || messageOf(error)
    return [{ level: 'ok', subject, message: `Nothing can be said of ${what} (${why}).`, mend: '' }]
  }
}

async function statementsOf(Bucket: string, on: Clients): Promise<readonly Statement[]> {
  const answer = await unless(['NoSuchBucketPolicy'], (await on.s3()).getBucketPolicy({ Bucket }))
  return readPolicy(answer?.Policy, `the bucket ${Bucket}`).statements
}

async function into(bucket: string, on: Clients): Promise<FlowLog[]> {
  const all = await describe(on, [{ Name: 'log-destination-type', Values: ['s3'] }])
  return all.filter(({ LogDestination = '' }) => LogDestination.split(':').at(-1)?.split('/')[0] === bucket)
}

/** Whether a bucket's policy lets logs be delivered. Pure. */
export function judgePolicy(
  subject: string,
  bucket: string,
  logs: readonly Logs[],
  statements: readonly Statement[],
): Diagnosis[] {
  const lets = (one: Logs): boolean =>
    statements.some((statement) => statement['Effect'] === 'Allow' && letsWrite(statement, services[one]))
  const mend = `See "millrace aws plan --bucket ${bucket}" for the statement that lets them, and the command that adds it to the policy.`
  const refused = logs.filter((one) => !lets(one))
  const none = logs.length === 0 && !lets('flow logs') && !lets('access logs')
  const said = none ? ['logs'] : refused
  return [
    ...said.map((one): Diagnosis => {
      const message = `The policy of ${bucket} lets no service of AWS deliver ${one} into it.`
      return { level: 'warning', subject, message, mend }
    }),
    ...denialsOfWriting(statements).map((sid): Diagnosis => ({
      level: 'warning',
      subject,
      message: `The policy of ${bucket} denies writing in its statement ${sid}.`,
      mend: 'See that its condition leaves the delivery services out: AWS tells nobody when it cannot deliver access logs.',
    })),
  ]
}

function letsWrite(statement: Statement, service: string): boolean {
  const principal: unknown = statement['Principal']
  const named =
    typeof principal === 'object' && principal !== null && 'Service' in principal ? principal.Service : principal
  const isNamed = [named].flat().some((one) => one === service || one === '*')
  return isNamed && namesAction(statement, /^(\*|s3:\*|s3:put\*|s3:putobject\*?)$/i)
}

/** What flow logs say of their own delivery (API reference, FlowLog). Pure. */
export function judgeFlowLogs(subject: string, flowLogs: readonly FlowLog[]): Diagnosis[] {
  if (flowLogs.length === 0)
    return [
      {
        level: 'ok',
        subject,
        message: 'No flow log of this account and region delivers into it; those of others cannot be seen from here.',
        mend: '',
      },
    ]
  const failed = flowLogs.filter(({ DeliverLogsStatus: status }) => status === 'FAILED')
  if (failed.length === 0) {
    const names = flowLogs.map(({ ResourceId: id = '', FlowLogId: log = '' }) => `${id} (${log})`)
    return [{ level: 'ok', subject, message: `Flow logs of ${names.join(', ')} are delivered into it.`, mend: '' }]
  }
  return failed.map(({ FlowLogId: log = '', ResourceId: id = '', DeliverLogsErrorMessage: why = 'Unknown error' }) => ({
    level: 'error',
    subject,
    message: `The flow log ${log} of ${id} cannot deliver into it: ${why}.`,
    mend:
      mends[why] ??
      'See the flow log in the console of EC2; made anew by "millrace aws flow-logs create" it may say more.',
  }))
}

const mends: Readonly<Record<string, string>> = {
  'Access error':
    'See that the bucket is there, and that its policy, and that of its KMS key, let delivery.logs.amazonaws.com write: "millrace aws plan" shows what the bucket lacks, docs/AWS.md what the key needs.',
  'Rate limited': 'AWS delivers less than there is; ask AWS for a higher quota, or log fewer interfaces to one place.',
}
