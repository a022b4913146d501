import { html } from 'hono/html'
import type { HistoryEntry, LakeStatus, LoadProgress, TableStatus } from '../../api.ts'
import { visible } from '../visible.ts'
import { shownBytes, shownNumber, shownTime } from './figures.ts'

/** What the page shows. */
export interface PageState {
  readonly status: LakeStatus
  /** The last files met, newest first. */
  readonly latest: readonly HistoryEntry[]
  /** Files that failed or changed, newest first. */
  readonly troubled: readonly HistoryEntry[]
}

type Markup = ReturnType<typeof html>

function tile(name: string, value: string, tone: 'plain' | 'warn' | 'bad' = 'plain'): Markup {
  return html`<div class="tile ${tone}">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}

function tiles(status: LakeStatus): Markup {
  return html`<dl class="tiles">
    ${tile('Rows', shownNumber(status.rows))} ${tile('Files', shownNumber(status.files))}
    ${tile('Rejects', shownNumber(status.rejects), status.rejects > 0 ? 'warn' : 'plain')}
    ${tile('Failed files', shownNumber(status.failed_files), status.failed_files > 0 ? 'bad' : 'plain')}
    ${tile('Changed files', shownNumber(status.changed_files), status.changed_files > 0 ? 'warn' : 'plain')}
    ${tile('Database', shownBytes(status.database_bytes))}
  </dl>`
}

function running(load: LoadProgress): Markup {
  const share = load.bytesTotal > 0 ? Math.min(100, Math.floor((100 * load.bytes) / load.bytesTotal)) : 0
  return html`<li>
    <progress max="100" value="${share}" aria-label="Load"></progress>
    <span
      >${shownNumber(load.files)} of ${shownNumber(load.filesTotal)} files, ${shownNumber(load.rows)} rows,
      ${shownNumber(load.rejects)} rejects</span
    >
  </li>`
}

interface Section {
  readonly id: string
  readonly title: string
  /** Column heads; those of numbers begin with `#`. */
  readonly heads: readonly string[]
  readonly rows: readonly Markup[]
  readonly empty: string
}

function section({ id, title, heads, rows, empty }: Section): Markup {
  const heading = html`<h2 id="${id}">${title}</h2>`
  if (rows.length === 0)
    return html`<section>
      ${heading}
      <p class="empty">${empty}</p>
    </section>`
  const cells = heads.map((head) =>
    head.startsWith('#')
      ? html`<th scope="col" class="number">${head.slice(1)}</th>`
      : html`<th scope="col">${head}</th>`,
  )
  return html`<section>
    ${heading}
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
      <table aria-labelledby="${id}">
        <thead>
          <tr>
            ${cells}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function number(value: number): Markup {
  return html`<td class="number">${shownNumber(value)}</td>`
}

function tableRow(table: TableStatus): Markup {
  return html`<tr>
    <th scope="row">${visible(table.table_name)}</th>
    ${number(table.rows)}${number(table.rejects)}${number(table.files)}
    <td class="time">${shownTime(table.last_loaded_at)}</td>
  </tr>`
}

function badge(entry: HistoryEntry): Markup {
  return html`<span class="badge ${entry.status}">${entry.status}</span>`
}

function fileCell(entry: HistoryEntry): Markup {
  return html`<th scope="row" class="file"><bdi>${visible(entry.file)}</bdi></th>`
}

function latestRow(entry: HistoryEntry): Markup {
  return html`<tr>
    <td class="time">${shownTime(entry.loaded_at)}</td>
    ${fileCell(entry)}
    <td>${visible(entry.table_name ?? '–')}</td>
    <td>${badge(entry)}</td>
    ${number(entry.rows)}${number(entry.rejects)}${number(entry.bytes)}
  </tr>`
}

function troubledRow(entry: HistoryEntry): Markup {
  return html`<tr>
    <td class="time">${shownTime(entry.loaded_at)}</td>
    ${fileCell(entry)}
    <td>${badge(entry)}</td>
    <td class="error"><bdi>${visible(entry.error ?? '')}</bdi></td>
  </tr>`
}

/** The part of the page that is made anew every two seconds. Every text in it is escaped by the template. */
export function pageContent({ status, latest, troubled }: PageState): Markup {
  return html`
    ${tiles(status)}
    ${
      status.loading.length > 0
        ? html`<ul class="loading" aria-label="Loads that run now">
            ${status.loading.map(running)}
          </ul>`
        : ''
    }
    ${section({
      id: 'tables',
      title: 'Tables',
      heads: ['Table', '#Rows', '#Rejects', '#Files', 'Last load (UTC)'],
      rows: status.tables.map(tableRow),
      empty: 'No rows yet. Load some with “millrace load PATH”.',
    })}
    ${section({
      id: 'troubled',
      title: 'Failed and changed files',
      heads: ['Time (UTC)', 'File', 'Status', 'What happened'],
      rows: troubled.map(troubledRow),
      empty: 'None.',
    })}
    ${section({
      id: 'latest',
      title: 'Last 20 loads',
      heads: ['Time (UTC)', 'File', 'Table', 'Status', '#Rows', '#Rejects', '#Bytes'],
      rows: latest.map(latestRow),
      empty: 'None yet.',
    })}
  `
}
