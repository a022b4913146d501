import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import type { Lake } from '../../api.ts'
import { type Secrets, sessionCookie } from '../guard.ts'
import { pageContent, type PageState } from '../page/content.ts'
import { page } from '../page/page.ts'
import { pageScript } from '../page/script.ts'
import { pageIcon, pageStyle } from '../page/style.ts'

const latestEntries = 20
const keepMs = 1000

/** Reads what the page shows, at most once a second however many look at it. */
function pageReader(lake: Lake): () => Promise<PageState> {
  const kept: { state: Promise<PageState> | undefined; at: number } = { state: undefined, at: 0 }
  const read = async (): Promise<PageState> => {
    const [status, latest, failed, changed] = await Promise.all([
      lake.status(),
      lake.history({ limit: latestEntries }),
      lake.history({ limit: latestEntries, status: 'failed' }),
      lake.history({ limit: latestEntries, status: 'changed' }),
    ])
    const troubled = [...failed, ...changed]
      .toSorted((one, other) => other.loaded_at.localeCompare(one.loaded_at))
      .slice(0, latestEntries)
    return { status, latest, troubled }
  }
  return () => {
    if (kept.state === undefined || Date.now() - kept.at > keepMs) {
      kept.state = read()
      kept.at = Date.now()
    }
    return kept.state
  }
}

function file(text: string, type: string): Response {
  return new Response(text, { headers: { 'content-type': type } })
}

/** The page at `/`, its files, and the part of it that its script asks for again. */
export function pageRoutes(lake: Lake, secrets: Secrets): Hono {
  const read = pageReader(lake)
  return new Hono()
    .get('/', async (context) => {
      setCookie(context, sessionCookie, secrets.session, { httpOnly: true, sameSite: 'Strict', path: '/' })
      return context.html(page(await read()))
    })
    .get('/v1/page', async (context) => context.html(pageContent(await read())))
    .get('/page.js', () => file(pageScript, 'text/javascript; charset=utf-8'))
    .get('/page.css', () => file(pageStyle, 'text/css; charset=utf-8'))
    .get('/icon.svg', () => file(pageIcon, 'image/svg+xml'))
}
