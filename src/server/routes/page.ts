import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { type Secrets, sessionCookie } from '../guard.ts'
import { type PageFile, readPageFiles } from '../page-files.ts'

/** Paths that the page itself tells apart. */
const pagePaths = [
  '/',
  '/dashboards',
  '/dashboards/:name',
  '/worksheets',
  '/worksheets/:name',
  '/pipes',
  '/tasks',
  '/loads',
  '/why',
] as const

function answer(context: Context, file: PageFile): Response {
  const headers = {
    etag: file.etag,
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (context.req.header('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  return new Response(file.bytes, { headers: { ...headers, 'content-type': file.type } })
}

/** The page, and its files. Opening it sets the cookie that its own requests carry. */
export function pageRoutes(secrets: Secrets): Hono {
  const files = readPageFiles()
  const routes = new Hono()
  for (const path of pagePaths)
    routes.get(path, (context) => {
      setCookie(context, sessionCookie, secrets.session, { httpOnly: true, sameSite: 'Strict', path: '/' })
      const index = files.get('/index.html')
      if (index === undefined) return context.text('The page is not built. Run "npm run build".', 500)
      context.header('cache-control', 'no-store')
      return context.body(index.bytes, 200, { 'content-type': index.type })
    })
  for (const [path, file] of files) routes.get(path, (context) => answer(context, file))
  return routes
}
