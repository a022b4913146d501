import { isRegion } from '../aws/endpoints.ts'
import { MillraceError } from '../errors.ts'

/** A log group of CloudWatch Logs, as a stage names it. */
export interface LogGroupPlace {
  readonly region: string
  readonly group: string
}

/** Names of log groups (CloudWatch Logs API Reference, CreateLogGroup). */
const form = /^cloudwatch:\/\/([a-z\d-]+)\/([\w.\-/#]{1,512})$/

/** Whether a stage's URL is that of a log group, or means one. */
export function isLogGroup(url: string): boolean {
  return url.startsWith('cloudwatch:')
}

/** Whether a stage's URL is that of events, not of objects that could be listed: a log group, or what Firehose posts. */
export function isOfEvents(url: string): boolean {
  return isLogGroup(url) || isPosted(url)
}

/** Whether a stage's URL means what Firehose posts: `firehose://name`. */
export function isPosted(url: string): boolean {
  return url.startsWith('firehose:')
}

/** Reads `cloudwatch://eu-west-1/flow-logs`: all behind the slash is the group's name, which may begin with one itself. */
export function readLogGroupUrl(url: string): LogGroupPlace {
  const [, region = '', group] = form.exec(url) ?? []
  if (group !== undefined && isRegion(region)) return { region, group }
  throw new MillraceError(
    'SOURCE_UNSUPPORTED',
    `${url} names no log group. Write it as cloudwatch://REGION/LOG-GROUP, such as cloudwatch://eu-west-1/flow-logs or cloudwatch://eu-west-1//aws/flow-logs.`,
  )
}
