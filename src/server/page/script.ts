/** `/page.js`: shows the lake's state anew every two seconds, while somebody looks. */
export const pageScript = `'use strict'
const content = document.getElementById('content')
const connection = document.getElementById('connection')
let shown = ''

function say(text) {
  if (connection.textContent !== text) connection.textContent = text
}

async function read() {
  const response = await fetch('/v1/page')
  if (response.status !== 401) return response
  // The server has started anew, or another one on this machine has set its cookie.
  await fetch('/')
  return fetch('/v1/page')
}

async function refresh() {
  const response = await read()
  if (!response.ok) return say('The server cannot read the lake at the moment.')
  const text = await response.text()
  say('')
  if (text === shown) return
  shown = text
  const scrolled = Array.from(document.querySelectorAll('.scroll'), (box) => box.scrollLeft)
  const focused = document.activeElement?.getAttribute('aria-labelledby')
  content.innerHTML = text
  document.querySelectorAll('.scroll').forEach((box, index) => {
    box.scrollLeft = scrolled[index] ?? 0
    if (focused && box.getAttribute('aria-labelledby') === focused) box.focus()
  })
}

async function run() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000))
    if (document.hidden) continue
    await refresh().catch(() => say('The server does not answer: these are the last figures.'))
  }
}

run()
`
