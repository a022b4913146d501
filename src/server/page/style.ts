/** `/page.css`. */
export const pageStyle = `:root {
  --ground: #f6f8f8; --surface: #ffffff; --line: #dbe3e4; --text: #172426; --soft: #566769;
  --accent: #0b7285; --good: #2b7a3d; --warn: #8a5a00; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1718; --surface: #172123; --line: #2a383b; --text: #e4eced; --soft: #9db0b3;
    --accent: #4cc3d9; --good: #7ccf8c; --warn: #e9b35a; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; padding: .5rem 0 1rem; }
h1 { display: flex; align-items: center; gap: .5rem; margin: 0; font-size: 1.4rem; letter-spacing: -.01em; }
h2 { margin: 0 0 .6rem; font-size: 1.05rem; }
header p { margin: 0; }
.lake { color: var(--soft); overflow-wrap: anywhere; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875rem; }
#connection { color: var(--bad); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.tile, section, .loading {
  background: var(--surface); border: 1px solid var(--line); border-radius: .6rem;
}
.tile { padding: .7rem .9rem; border-top: 3px solid var(--accent); }
.tile dt { color: var(--soft); font-size: .85rem; }
.tile dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tile.warn { border-top-color: var(--warn); }
.tile.warn dd { color: var(--warn); }
.tile.bad { border-top-color: var(--bad); }
.tile.bad dd { color: var(--bad); }
section { padding: .9rem; margin-bottom: 1rem; }
.loading { list-style: none; margin: 0 0 1rem; padding: .9rem; }
.loading li { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; }
progress { flex: 1 1 14rem; accent-color: var(--accent); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { padding: .4rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.time { white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; }
.file, .error { overflow-wrap: anywhere; min-width: 16rem; }
.file { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .8rem; }
.badge { padding: .05rem .5rem; border: 1px solid currentcolor; border-radius: 1rem; font-size: .78rem; white-space: nowrap; }
.loaded { color: var(--good); }
.partial, .changed { color: var(--warn); }
.failed { color: var(--bad); }
.empty, .replaced { color: var(--soft); }
.empty { margin: 0; }
footer { color: var(--soft); font-size: .85rem; padding: .5rem 0 2rem; }
a { color: var(--accent); }
`

/** `/icon.svg`: a wheel over water. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0b8aa0" stroke-width="2.4" stroke-linecap="round">
<circle cx="16" cy="13" r="9"/><circle cx="16" cy="13" r="2"/><path d="M16 4v18M7 13h18M9.6 6.6l12.8 12.8M22.4 6.6 9.6 19.4"/><path d="M2 27q3.5-3 7 0t7 0 7 0 7 0"/>
</svg>
`
