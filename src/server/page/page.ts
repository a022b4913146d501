import { html } from 'hono/html'
import { visible } from '../visible.ts'
import { pageContent, type PageState } from './content.ts'

/** The page at `/`, whole: it can be read without its script. */
export function page(state: PageState): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Millrace</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/page.css" />
        <script src="/page.js" defer></script>
      </head>
      <body>
        <header>
          <h1><img src="/icon.svg" alt="" width="28" height="28" /> Millrace</h1>
          <p class="lake"><bdi>${visible(state.status.lake)}</bdi></p>
          <p id="connection" role="status"></p>
        </header>
        <main id="content">${pageContent(state)}</main>
        <footer>Version ${state.status.version} · <a href="/metrics">metrics</a></footer>
      </body>
    </html> `
}
