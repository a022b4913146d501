import { z } from 'zod'
import { parseJson, stringifyJson } from '../../../src/server/json.ts'

/** A place in the text that was sent; both count from 1. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** What the server says of a request that failed. */
export class ApiError extends Error {
  readonly code: string
  readonly place: TextPlace | undefined

  constructor(code: string, message: string, place?: TextPlace) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.place = place
  }
}

const placeShape = z.object({ line: z.int().min(1), column: z.int().min(1) })

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below `/v1`. */
  readonly path: string
  readonly body?: object | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends a request, once more where the server does not know the page's cookie. */
async function send(call: ApiCall): Promise<Response> {
  const response = await ask(call)
  if (response.status !== 401) return response
  // The server has started anew, or another one on this machine has set its cookie: opening the page sets it again.
  await fetch('/')
  return ask(call)
}

async function ask({ method = 'GET', path, body, signal }: ApiCall): Promise<Response> {
  const sent = body === undefined ? {} : { body: stringifyJson(body), headers: { 'content-type': 'application/json' } }
  try {
    return await fetch(`/v1${path}`, { method, ...sent, ...(signal === undefined ? {} : { signal }) })
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new ApiError('UNREACHABLE', 'The server does not answer.')
  }
}

/** The text of an answer. */
export async function textOf(call: ApiCall): Promise<string> {
  const response = await send(call)
  const text = await response.text()
  if (!response.ok) throw failureOf(text, response.status)
  return text
}

/** The answer to a request as it comes. */
export async function streamOf(call: ApiCall): Promise<ReadableStream<Uint8Array>> {
  const response = await send(call)
  if (!response.ok) throw failureOf(await response.text(), response.status)
  return response.body ?? new Blob([]).stream()
}

/** The one value of an answer, checked. */
export async function valueOf<Shape extends z.ZodType>(call: ApiCall, shape: Shape): Promise<z.output<Shape>> {
  return shape.parse(parseJson(await textOf(call)))
}

/** A failure as the server words it. */
export function failureIn(value: unknown): ApiError | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined
  const { error } = value
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  const place = placeShape.safeParse(error)
  return new ApiError('code' in error ? String(error.code) : 'INTERNAL', String(error.message), place.data)
}

function failureOf(text: string, status: number): ApiError {
  try {
    return failureIn(parseJson(text)) ?? new ApiError('INTERNAL', `The server answers with status ${status}.`)
  } catch {
    return new ApiError('INTERNAL', `The server answers with status ${status}.`)
  }
}
