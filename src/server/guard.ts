import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { createHash, timingSafeEqual } from 'node:crypto'
import { jsonResponse } from './bodies.ts'
import type { Failure } from './failures.ts'

/** The cookie that the page's own requests carry. */
export const sessionCookie = 'millrace_session'

/** What the page asks for with its cookie; everything else needs the token: the page names no files to load, backs up and restores nothing. */
const pageRequests: readonly (readonly [method: string, path: RegExp])[] = [
  [
    'GET',
    /^\/v1\/(version|status|history|rejects|queries|views|engines|dashboards|worksheets|why|pipes|stages|streams|tasks|openapi\.json)$/,
  ],
  ['POST', /^\/v1\/(query|records|rejects\/replay)$/],
  ['GET', /^\/v1\/pipes\/[^/]+(\/parked)?$/],
  ['POST', /^\/v1\/pipes\/[^/]+\/(pause|resume|refresh|retry)$/],
  ['GET', /^\/v1\/tasks\/[^/]+(\/history)?$/],
  ['POST', /^\/v1\/tasks\/[^/]+\/(resume|suspend|run)$/],
  ['GET', /^\/v1\/(dashboards|worksheets)\/[^/]+$/],
  ['PUT', /^\/v1\/(dashboards|worksheets)\/[^/]+$/],
  ['DELETE', /^\/v1\/(dashboards|worksheets)\/[^/]+$/],
]

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Secrets of a running server. */
export interface Secrets {
  /** Opens everything; it is in `server.json`, which only the lake's owner can read. */
  readonly token: string
  /** Opens what the page needs; a browser sends it as a cookie. */
  readonly session: string
}

function refuse(message: string, status: 401 | 403): Response {
  const error: Failure = { code: 'SERVER_REFUSED', message }
  return jsonResponse({ error }, status)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret))
}

/** Puts the security headers on every answer. */
export function secureHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(securityHeaders)) context.res.headers.set(name, value)
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store')
  }
}

/** Lets requests through that name this server as their host and come from nowhere, or from its own pages: other sites and rebound names stay out. */
export function requireOwnHost(hosts: () => ReadonlySet<string>): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host')?.toLowerCase() ?? ''
    if (!hosts().has(host)) return refuse('This server answers to its own address only.', 403)
    const origin = context.req.header('origin')
    if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
      return refuse('This server answers its own pages only.', 403)
    return next()
  }
}

/** Lets requests through that carry the token; what the page needs is open to its cookie too, from its own documents. */
export function requireSecret(secrets: Secrets): MiddlewareHandler {
  return async (context, next) => {
    const bearer = /^Bearer ([\w-]+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined && isSame(bearer, secrets.token)) return next()
    const cookie = getCookie(context, sessionCookie)
    const { method, path } = context.req
    // Cookies of one host go to all its ports: a page of another server on this machine counts as the same site.
    const site = context.req.header('sec-fetch-site') ?? 'same-origin'
    const isPageRequest =
      site === 'same-origin' && pageRequests.some(([known, pattern]) => known === method && pattern.test(path))
    if (isPageRequest && cookie !== undefined && isSame(cookie, secrets.session)) return next()
    return refuse('Send the token of server.json in the lake as "Authorization: Bearer …".', 401)
  }
}
