import { MillraceError } from '../errors.ts'

/** Services that Millrace speaks to. */
export type Service = 's3' | 'sts' | 'sqs' | 'logs'

/** Where a service is reached. */
export interface Endpoint {
  /** `https://host` or `http://host:port`. */
  readonly origin: string
  /** What stands in the `host` header: no port when it is the usual one. */
  readonly host: string
  /** Goes before every path: empty, or such as `/storage`. */
  readonly basePath: string
  /** Set by the user, instead of AWS's own. */
  readonly isCustom: boolean
}

/** The endpoint of a service in a region. */
export type Endpoints = (service: Service, region: string) => Endpoint

const variables: Readonly<Record<Service, string>> = {
  s3: 'AWS_ENDPOINT_URL_S3',
  sts: 'AWS_ENDPOINT_URL_STS',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  logs: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
}

/**
 * AWS's regional endpoints, unless `AWS_ENDPOINT_URL_S3` (`_STS`, `_SQS`, `_CLOUDWATCH_LOGS`) or `AWS_ENDPOINT_URL` names another. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true`
 * ignores them (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"). Throws SETTING_INVALID for what is no http or https URL.
 */
export function readEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  const isIgnored = environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true'
  const given = (variable: string): Endpoint | undefined => {
    const text = environment[variable]
    return isIgnored || text === undefined || text === '' ? undefined : customEndpoint(text, variable)
  }
  const all = given('AWS_ENDPOINT_URL')
  const custom = {
    s3: given(variables.s3),
    sts: given(variables.sts),
    sqs: given(variables.sqs),
    logs: given(variables.logs),
  }
  return (service, region) => custom[service] ?? all ?? regionalEndpoint(service, region)
}

/** An endpoint by its URL. `name` is what the error calls it; the URL itself may hold a password. */
export function customEndpoint(url: string, name: string): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isUsable =
    parsed !== undefined &&
    ['http:', 'https:'].includes(parsed.protocol) &&
    parsed.username + parsed.password + parsed.search + parsed.hash === ''
  if (!isUsable)
    throw new MillraceError(
      'SETTING_INVALID',
      `${name} is no address of a service. Give one such as http://127.0.0.1:9000, without user, password, query or fragment.`,
    )
  return {
    origin: parsed.origin,
    host: parsed.host,
    basePath: parsed.pathname.replace(/\/+$/, ''),
    isCustom: true,
  }
}

function regionalEndpoint(service: Service, region: string): Endpoint {
  const host = `${service}.${checkedRegion(region)}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`
  return { origin: `https://${host}`, host, basePath: '', isCustom: false }
}

/** Part of ARNs: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Whether text can be a region: it becomes a part of host names. */
export function isRegion(text: string): boolean {
  return /^[a-z][a-z\d-]{1,39}$/.test(text)
}

function checkedRegion(region: string): string {
  if (isRegion(region)) return region
  throw new MillraceError('SETTING_INVALID', `${region} is no AWS region. Give one such as eu-west-1 in AWS_REGION.`)
}
