import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../pipes/world.ts'
import { ran } from '../run/running.ts'
import { axeFaults } from './axe.ts'
import { hasBrowser, type OpenPage, openStage, type Stage } from './journey.ts'

const hostile = `<img src=x onerror=alert(1)> \u202E%41 ${'long '.repeat(30)}`

const opened: Page[] = []

/** Opens a page until the test ends: those left open would go on asking. */
async function open(stage: Stage, ...how: Parameters<Stage['open']>): Promise<OpenPage> {
  const made = await stage.open(...how)
  opened.push(made.page)
  return made
}

afterEach(async () => {
  for (const page of opened.splice(0)) await page.context().close()
})

function laneOf(page: Page, name: string | RegExp): Locator {
  return page.getByRole('article', { name, exact: true })
}

/** What stands over a label in a lane. */
async function figure(lane: Locator, label: string): Promise<string> {
  const found = lane.locator('dl > div').filter({ has: lane.page().getByText(label, { exact: true }) })
  return found.locator('dd').innerText()
}

const script = `
create table lines (raw text);
create table words (word text);
create table counts (n integer);
create table gone (id integer);
create function parse_lines(raw string) returns table (word string) language javascript as $$
{
  processRow: function (row, rowWriter, context) {
    if (row.RAW.startsWith('good')) rowWriter.writeRow({ WORD: row.RAW })
  }
}
$$;
create stream new_lines on table lines append_only = true;
create stream new_words on table words;
create stream nobody on table words;
create stream lost on table gone;
create task parse schedule = '60 minutes' when system$stream_has_data('new_lines') as
  insert into words select p.word from new_lines l join table(parse_lines(l.raw)) p;
create task tally after parse as insert into counts select count(*) from new_words;
create task clean finalize = parse as delete from counts where n > 1000;
create task broken schedule = 'USING CRON 0 9 * * * UTC' as insert into counts select cast(word as integer) from words;
create task reader schedule = '60 minutes' as insert into counts select id from lost;
create task "${hostile}" schedule = '60 minutes' comment = '<b onclick=x>bold</b>' as insert into counts values (1);
alter task tally resume;
alter task clean resume;
drop table gone;
insert into lines values ('good a'), ('good b'), ('bad'), ('bad again'), ('good c');
`

describe.skipIf(!hasBrowser)('the page of tasks', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    await ran(stage.lake, script, { dialect: 'snowflake' })
  })

  afterAll(async () => {
    await stage.close()
  })

  test('a graph is seen, resumed, run and suspended; what was lost is told', async () => {
    const { page, faults } = await open(stage, '/tasks')
    const lane = laneOf(page, 'PARSE')
    await lane.getByText('It was not resumed yet: a new task waits for that.').waitFor()
    expect(await lane.getByText('has data', { exact: true }).count()).toBe(1)
    expect(await lane.innerText()).toContain('on LINES, new rows only')
    await lane.getByRole('button', { name: 'Resume PARSE' }).press('Enter')
    await lane.getByText('Resumed.').waitFor()
    await lane.getByText('started', { exact: true }).waitFor()
    expect(await lane.innerText()).toMatch(/Every hour, if a stream has data, next 20\d\d-/)

    await lane.getByRole('button', { name: 'Run now: PARSE' }).click()
    await lane.getByText(/^Done: 3 tasks ran in .*: 4 rows inserted\.$/).waitFor()
    await lane.getByText('PARSE_LINES gave no row for 2 of 5 inputs.').waitFor()
    await lane.getByText('In all, 2 inputs of its functions gave no row: such lines are lost.').waitFor()
    await lane.getByText('nothing new', { exact: true }).waitFor()
    await until(() => figure(lane, 'inserted'), '3')
    await laneOf(page, 'TALLY').getByText('succeeded').waitFor()
    await laneOf(page, 'CLEAN').getByText('succeeded').waitFor()
    expect(await laneOf(page, 'TALLY').getByText('After PARSE').count()).toBe(1)
    expect(await laneOf(page, 'CLEAN').getByText('At the end of PARSE').count()).toBe(1)
    expect(await page.locator('.way-sum').innerText()).toContain('1 task with notices')

    await lane.getByRole('button', { name: 'Run now: PARSE' }).click()
    await lane.getByText('Done: there was nothing to do.').waitFor()
    expect(await figure(lane, 'inserted')).toBe('3')
    await ran(stage.lake, "insert into lines values ('good d')")
    await lane.getByRole('button', { name: 'Run now: PARSE' }).click()
    await until(() => figure(lane, 'inserted'), '1')
    await lane.getByText('1 run of the last seven days had notices').waitFor()
    await lane.getByRole('button', { name: 'Suspend PARSE' }).click()
    await lane.getByText('suspended', { exact: true }).waitFor()
    await lane.getByText('Somebody suspended it.').waitFor()

    await lane.getByRole('button', { name: 'Details of PARSE' }).click()
    const panel = page.getByRole('dialog')
    const runs = panel.getByRole('region', { name: 'Runs of the last seven days' })
    await runs.getByText('1 time nothing to do').waitFor()
    const [, , first = ''] = await runs.getByRole('listitem').allInnerTexts()
    expect(first).toMatch(/succeeded[^]*3 rows inserted[^]*took [^]*asked for[^]*gave no row for 2 of 5 inputs/)
    expect(await panel.getByRole('region', { name: 'Statement' }).innerText()).toContain('CREATE TASK PARSE')
    expect(new URL(page.url()).searchParams.get('task')).toBe('MILLRACE.PUBLIC.PARSE')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })

    const unread = page.getByRole('listitem').filter({ hasText: 'No task reads this stream.' }).first()
    expect(await unread.innerText()).toContain('NOBODY')
    await page.getByRole('button', { name: '日本語で表示' }).click()
    await page.getByRole('heading', { name: 'タスク', exact: true }).waitFor()
    expect(await lane.innerText()).toContain('誰かが中断しました。')
    expect(faults).toEqual([])
  })

  test('a task that fails tells why, once it is asked and in its runs', async () => {
    await ran(stage.lake, "insert into words values ('no number')")
    const { page, faults } = await open(stage, '/tasks')
    const lane = laneOf(page, 'BROKEN')
    await lane.getByRole('button', { name: 'Run now: BROKEN' }).click()
    await lane
      .getByRole('alert')
      .filter({ hasText: /The run failed:[^]*BROKEN: [^]*Could not convert/ })
      .waitFor()
    await lane.getByText('failed', { exact: true }).first().waitFor()
    await until(() => figure(lane, 'in a row'), '1')
    expect(await lane.innerText()).toContain('By cron 0 9 * * * UTC')
    await lane.getByRole('button', { name: 'Close this note' }).click()
    await lane.getByText('The run failed:').waitFor({ state: 'detached' })
    expect(await lane.getByText(/Could not convert/).count()).toBe(1)
    expect(await page.locator('.way-sum').innerText()).toContain('1 task failed')

    await lane.getByRole('button', { name: 'Details of BROKEN' }).click()
    const runs = page.getByRole('dialog').getByRole('region', { name: 'Runs of the last seven days' })
    await runs.getByText(/Could not convert/).waitFor()
    expect(faults).toEqual([])
  })

  test('a stream whose table is gone says so; names and comments are text', async () => {
    const { page, faults } = await open(stage, '/tasks')
    await laneOf(page, 'READER').getByText('MILLRACE.PUBLIC.GONE was dropped or replaced').waitFor()
    const lane = laneOf(page, /img src/)
    await lane
      .getByRole('heading')
      .filter({ hasText: String.raw`onerror=alert(1)> \u202e%41` })
      .waitFor()
    await lane.getByRole('button', { name: /^Run/ }).click()
    await lane.getByText(/^Done in .*: 1 row inserted\.$/).waitFor()
    await lane.getByRole('button', { name: /^Resume/ }).click()
    await lane.getByText('<b onclick=x>bold</b>').waitFor()

    expect(await page.locator('main img, main b').count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('fits a phone, also with its details open', async () => {
    const { page } = await open(stage, '/tasks', { viewport: { width: 390, height: 844 } })
    const overflow = 'document.documentElement.scrollWidth - innerWidth'
    await laneOf(page, 'TALLY').waitFor()
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Details of PARSE', exact: true }).click()
    await page.getByRole('dialog').getByText('CREATE TASK').waitFor()
    expect(
      await page.evaluate(
        "(() => { const body = document.querySelector('.panel-body'); return body.scrollWidth - body.clientWidth })()",
      ),
    ).toBeLessThanOrEqual(0)
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    const { page } = await open(stage, '/tasks', { colorScheme })
    await laneOf(page, 'BROKEN').waitFor()
    expect(['lanes', await axeFaults(page)]).toEqual(['lanes', []])
    await page.getByRole('button', { name: 'Details of PARSE', exact: true }).click()
    await page.getByRole('dialog').getByText('CREATE TASK').waitFor()
    expect(['details', await axeFaults(page)]).toEqual(['details', []])
  })
})

describe.skipIf(!hasBrowser)('the page of tasks of an empty lake', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
  })

  afterAll(async () => {
    await stage.close()
  })

  test.each(['light', 'dark'] as const)('says what a task is, %s; its example runs', async (colorScheme) => {
    const { page, faults } = await open(stage, '/tasks', { colorScheme })
    await page.getByRole('heading', { name: 'No task yet' }).waitFor()
    expect(await axeFaults(page)).toEqual([])
    const example = await page.locator('.copy-text pre').innerText()
    await ran(stage.lake, example.replace(/^CREATE (\w+)/gm, 'CREATE OR REPLACE $1'))
    await laneOf(page, 'KEEP_ERRORS').getByText('started', { exact: true }).waitFor()
    await laneOf(page, 'KEEP_ERRORS').getByText('NEW_REQUESTS').waitFor()
    await ran(stage.lake, 'drop task keep_errors')
    expect(faults).toEqual([])
  })
})
