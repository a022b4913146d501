import type { Page } from 'playwright-core'

/** The four published tiles. */
export const published = [
  {
    title: 'Reject Count',
    id: 'reject-count',
    column: 'srcaddr',
    measure: 'srcaddrcount',
    sum: 'count(srcaddr)',
    action: 'REJECT',
  },
  {
    title: 'Biggest talkers by source',
    id: 'biggest-talkers-by-source',
    column: 'srcaddr',
    measure: 'total_bytes',
    sum: 'sum(bytes)',
    action: 'ACCEPT',
  },
  {
    title: 'Biggest talkers by destination',
    id: 'biggest-talkers-by-destination',
    column: 'dstaddr',
    measure: 'total_bytes',
    sum: 'sum(bytes)',
    action: 'ACCEPT',
  },
  {
    title: 'Biggest talkers by ENI',
    id: 'biggest-talkers-by-eni',
    column: 'interface_id',
    measure: 'total_bytes',
    sum: 'sum(bytes)',
    action: 'ACCEPT',
  },
] as const

export type PublishedTile = (typeof published)[number]

/** As it is published, for Snowflake. */
export function sqlOf({ column, measure, sum, action }: PublishedTile): string {
  const order = sum.startsWith('count') ? sum : measure
  return `select ${column}, ${sum} as ${measure} from log_analysis.public.vpc_flow_view where "START" > dateadd(day, -30, current_date()) and action = '${action}' group by ${column} order by ${order} desc limit 10;`
}

/** Adds a tile as the published steps have it. */
export async function addTile(page: Page, tile: PublishedTile): Promise<void> {
  await page.getByLabel('Add a tile').click()
  const editor = page.getByRole('dialog', { name: 'New tile' })
  await editor.getByLabel('SQL statement').fill(sqlOf(tile))
  await editor.getByLabel('Dialect').selectOption('snowflake')
  await editor.getByRole('button', { name: 'Run' }).click()
  await editor.getByLabel('Chart type').selectOption({ label: 'Bar' })
  await editor.getByRole('combobox', { name: 'Bar', exact: true }).selectOption({ label: tile.measure })
  await editor.getByLabel('Y axis').selectOption({ label: tile.column })
  await editor.getByLabel('Orientation').selectOption({ label: 'Horizontal bars' })
  await editor.getByLabel('Bar order').selectOption({ label: 'Bar size' })
  await editor.getByLabel('Direction').selectOption({ label: 'Descending' })
  await editor.getByLabel('Title').fill(tile.title)
  await editor.getByRole('button', { name: 'Add to the dashboard' }).click()
  await editor.waitFor({ state: 'detached' })
}
