import type { z } from 'zod'
import { parseJson, stringifyJson } from '../../../src/server/json.ts'

/** What the server says of a request that failed. */
export class ApiError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
  }
}

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below `/v1`. */
  readonly path: string
  readonly body?: object | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends a request; an answer that is a failure is thrown. */
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

/** The one value of an answer, checked. */
export async function valueOf<Shape extends z.ZodType>(call: ApiCall, shape: Shape): Promise<z.output<Shape>> {
  return shape.parse(parseJson(await textOf(call)))
}

/** A failure as the server words it. */
export function failureIn(value: unknown): ApiError | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined
  const { error } = value
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  return new ApiError('code' in error ? String(error.code) : 'INTERNAL', String(error.message))
}

function failureOf(text: string, status: number): ApiError {
  try {
    return failureIn(parseJson(text)) ?? new ApiError('INTERNAL', `The server answers with status ${status}.`)
  } catch {
    return new ApiError('INTERNAL', `The server answers with status ${status}.`)
  }
}
