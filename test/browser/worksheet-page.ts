import type { Page } from 'playwright-core'

/** A statement that fails is answered with 400, which the browser notes. */
export function withoutRefusals(faults: readonly string[]): string[] {
  return faults.filter((fault) => !fault.includes('status of 400'))
}

/** Puts a text in the editor in place of what is there. */
export async function write(page: Page, sql: string): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
}

/** Presses Run. */
export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

/** What a cell of the grid shows. */
export async function cell(page: Page, row: number, column: number): Promise<string> {
  return page.locator(`[data-row="${row}"] [data-column="${column}"]`).innerText()
}

/** The lines in the editor. */
export async function textIn(page: Page): Promise<string[]> {
  return page.locator('.cm-line').allInnerTexts()
}
