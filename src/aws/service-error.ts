import { z } from 'zod'
import { childOf, parseXml, textOf } from './xml.ts'

/** What the body of an error says. */
export interface ServiceError {
  /** Such as `NoSuchKey`; empty where the body is none of AWS's. */
  readonly code: string
  readonly message: string | undefined
  readonly region: string | undefined
  readonly storageClass: string | undefined
  readonly serverTime: string | undefined
}

const nothing: ServiceError = {
  code: '',
  message: undefined,
  region: undefined,
  storageClass: undefined,
  serverTime: undefined,
}

/** Reads the errors of S3 (`<Error>`), of STS (within `<ErrorResponse>`) and of SQS (JSON). A page of some proxy says nothing. */
export function readError(body: string): ServiceError {
  try {
    return body.trimStart().startsWith('{') ? readJson(body) : readXml(body)
  } catch {
    return nothing
  }
}

function readXml(body: string): ServiceError {
  const root = parseXml(body)
  const error = root.name === 'Error' ? root : childOf(root, 'Error')
  return {
    code: textOf(error, 'Code') ?? '',
    message: textOf(error, 'Message'),
    region: textOf(error, 'Region'),
    storageClass: textOf(error, 'StorageClass'),
    serverTime: textOf(error, 'ServerTime'),
  }
}

/** Services of AWS differ in how they write `message`. */
const jsonError = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
})

/** `com.amazonaws.sqs#QueueDoesNotExist` and `AWS.SimpleQueueService.NonExistentQueue` are known by their last word. */
function readJson(body: string): ServiceError {
  const { __type: type, message, Message: other } = jsonError.parse(JSON.parse(body))
  return { ...nothing, code: /\w*$/.exec(type)?.[0] ?? '', message: message ?? other }
}
