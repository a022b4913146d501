import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { flowLog, openWorld, until, type World } from '../pipes/world.ts'
import { ran } from '../run/running.ts'
import { axeFaults } from './axe.ts'
import { hasBrowser, type OpenPage, openStage, type Stage } from './journey.ts'

const garbage = Buffer.from([0x1f, 0x8b, 1, 2, 3])
const hostile = `<img src=x onerror=alert(1)> \u202E%41/${'long '.repeat(30)}`

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

async function untilFigure(lane: Locator, label: string, wanted: string): Promise<void> {
  await until(() => figure(lane, label), wanted)
}

describe.skipIf(!hasBrowser)('the page of pipes', () => {
  let world: World
  let stage: Stage
  let folder: string

  beforeAll(async () => {
    world = await openWorld()
    folder = join(world.directory, '..', 'incoming')
    await mkdir(folder)
    const copy = (from: string): string =>
      `as copy into logs.vpc_flow_logs from @${from} file_format = (type = vpc_flow_logs)`
    const events = `auto_ingest = true queue = '${world.queueUrl}' reconcile = '1 hour'`
    await ran(
      world.lake,
      `create stage s url = 's3://${world.bucket}/';
       create stage laptop url = 'file://${folder}/';
       create stage nobody url = 's3://${world.bucket}/archive/';
       create stage lost url = 's3://${world.bucket}/lost/';
       create pipe flow ${events} comment = '<b onclick=x>bold</b>' ${copy('s/flow/')};
       create pipe poison ${events} ${copy('s/poison/')};
       create pipe folder auto_ingest = true reconcile = '1 hour' ${copy('laptop')};
       create pipe broken auto_ingest = true reconcile = '1 hour' ${copy('lost')};
       create pipe "${hostile}" reconcile = '10 minutes' comment = '${'comment '.repeat(60)}' ${copy('s/hostile/')};
       create pipe sleeper auto_ingest = true reconcile = '1 hour' ${copy('s/sleep/')};
       alter pipe sleeper set pipe_execution_paused = true;
       drop stage lost`,
    )
    stage = await openStage(world.lake)
  })

  afterAll(async () => {
    await stage.close()
    await world.close()
  })

  test('rows arrive while it is open, and its counts follow', async () => {
    const { page, faults } = await open(stage, '/pipes')
    const flow = laneOf(page, 'FLOW')
    const watched = laneOf(page, 'FOLDER')
    await untilFigure(flow, 'rows', '0')
    const place = await watched.boundingBox()
    for (const index of [0, 1, 2]) await world.send(await world.put(`flow/${index}.log`, flowLog(500, index * 500)))
    await writeFile(join(folder, '.a.log'), flowLog(40, 9000))
    await rename(join(folder, '.a.log'), join(folder, 'a.log'))

    await untilFigure(flow, 'rows', '1,500')
    await untilFigure(watched, 'rows', '40')
    expect(await figure(flow, 'files')).toBe('3')
    expect(await watched.boundingBox()).toEqual(place)
    await untilFigure(flow, 'waiting', '0')
    expect(await flow.getByText(/^last loaded 20\d\d-/).count()).toBe(1)
    expect(await watched.getByText('No queue').count()).toBe(1)
    expect(await watched.getByText('Watches the folder, and lists it every hour.').count()).toBe(1)
    expect(
      await page.getByRole('listitem').filter({ hasText: 'No pipe reads this stage.' }).first().innerText(),
    ).toContain('NOBODY')
    await page.getByText('4 of 6 pipes running').waitFor()
    await page.getByRole('button', { name: '日本語で表示' }).click()
    await page.getByRole('heading', { name: 'パイプ' }).waitFor()
    expect(await flow.innerText()).toContain('実行中')
    expect(faults).toEqual([])
  })

  test('a pipe is resumed and paused by keys; what was announced meanwhile has waited', async () => {
    const { page, faults } = await open(stage, '/pipes')
    const lane = laneOf(page, 'SLEEPER')
    await lane.getByText('What is announced meanwhile waits in the queue.').waitFor()
    const { queue } = await world.lake.pipe('sleeper').details()
    await world.sendTo(queue ?? '', await world.put('sleep/a.log', flowLog(7, 7000)))
    await untilFigure(lane, 'waiting', '1')
    expect(await figure(lane, 'rows')).toBe('0')

    await lane.getByRole('button', { name: 'Resume SLEEPER' }).press('Enter')
    await lane.getByText('running', { exact: true }).waitFor()
    await untilFigure(lane, 'rows', '7')
    await untilFigure(lane, 'waiting', '0')
    await page.keyboard.press('Enter')
    await lane.getByText('paused', { exact: true }).waitFor()
    expect(await lane.getByRole('button', { name: 'Resume SLEEPER' }).count()).toBe(1)
    expect(await lane.getByText(/^last loaded/).count()).toBe(1)
    expect(faults).toEqual([])
  })

  test('what cannot be loaded is given up, told with its reason, and loaded once it is mended', async () => {
    const { page, faults } = await open(stage, '/pipes')
    const lane = laneOf(page, 'POISON')
    await world.send(await world.put('poison/day/bad.log', garbage))
    await untilFigure(lane, 'given up', '1')
    await lane.getByRole('button', { name: '1 given up by POISON: show' }).click()
    const panel = page.getByRole('dialog')
    const given = panel.getByRole('region', { name: 'Given up' })
    await given.getByText('bad.log', { exact: true }).waitFor()
    expect(await given.innerText()).toMatch(/is damaged: .* Nothing of it was loaded\./)
    expect(new URL(page.url()).searchParams.get('pipe')).toBe('MILLRACE.PUBLIC.POISON')

    await given.getByRole('button', { name: 'Try again what POISON has given up' }).click()
    await given.getByText('1 file could not be loaded.').waitFor()
    await world.put('poison/day/bad.log', flowLog(4, 8000))
    await given.getByRole('button', { name: 'Try again what POISON has given up' }).click()
    await given.getByText('Done: 1 file with 4 rows loaded.').waitFor()
    await given.getByText('Nothing was given up.').waitFor()

    for (const key of ['poison/x/1.log', 'poison/x/2.log', 'poison/y/3.log'])
      await world.put(key, flowLog(1, key.length + 8100))
    const refresh = panel.getByRole('region', { name: 'Refresh' })
    await refresh.getByRole('textbox').fill('x/')
    await refresh.getByRole('textbox').press('Enter')
    await refresh.getByText('Done: 2 files with 2 rows loaded.').waitFor()
    expect(await panel.getByRole('region', { name: 'Statement' }).innerText()).toMatch(
      /CREATE PIPE POISON\n +AUTO_INGEST = TRUE/,
    )
    await panel.getByText('What the bucket needs').click()
    expect(await panel.getByRole('region', { name: 'Notifications' }).innerText()).toContain('"Value": "poison/"')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(await figure(lane, 'rows')).toBe('6')
    expect(faults).toEqual([])
  })

  test('a message that names no object is shown as it is, cut where it is long', async () => {
    await world.send(`no notification ${'x'.repeat(400)}`)
    const parked = async (): Promise<string[]> =>
      (await world.lake.listPipes()).flatMap((pipe) => (pipe.parked_files === 1 ? [pipe.name] : []))
    await until(async () => (await parked()).length, 1)
    const [name = ''] = await parked()
    const { page, faults } = await open(stage, `/pipes?${new URLSearchParams({ pipe: name }).toString()}`)
    const panel = page.getByRole('dialog')

    await panel.getByText('A message that names no object').waitFor()
    expect((await panel.locator('code').innerText()).length).toBeLessThan(300)
    await panel.getByRole('button', { name: 'Show all 416 characters' }).click()
    expect(await panel.locator('code').innerText()).toBe(`no notification ${'x'.repeat(400)}`)
    expect(await panel.getByRole('button', { name: /^Try again/ }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('names and comments are text, long ones are cut, and such a pipe obeys', async () => {
    const { page, faults } = await open(stage, '/pipes')
    const lane = laneOf(page, /img src/)
    const shown = String.raw`<img src=x onerror=alert(1)> \u202e%41/long`
    await lane.getByRole('heading').filter({ hasText: shown }).waitFor()
    expect(await lane.getByText('It loads what it is asked for: AUTO_INGEST is not set.').count()).toBe(1)
    await lane.getByRole('button', { name: /^Pause/ }).click()
    await lane.getByText('paused', { exact: true }).waitFor()
    await lane.getByRole('button', { name: /^Resume/ }).click()
    await lane.getByText('running', { exact: true }).waitFor()
    await lane.getByRole('button', { name: /^Refresh/ }).click()
    await lane.getByText('Done: there was nothing to load.').waitFor()
    await lane.getByRole('button', { name: /^Details/ }).click()
    const facts = page.getByRole('dialog').getByRole('region', { name: 'Facts' })
    await facts.getByRole('button', { name: 'Show all 480 characters' }).click()

    expect(await facts.innerText()).toContain('comment '.repeat(60).trim())
    expect(await page.locator('main img, main b').count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('a refresh that takes its time says so, and can be stopped', async () => {
    const { page } = await open(stage, '/pipes')
    const lane = laneOf(page, 'FLOW')
    let isAsked = false
    await page.route(/refresh$/, () => {
      isAsked = true
    })
    await lane.getByRole('button', { name: 'Refresh FLOW' }).click()
    await lane.getByText(/^Refreshing … \d+ sec$/).waitFor()
    expect(await lane.getByRole('progressbar', { name: 'Refreshing' }).count()).toBe(1)
    await lane.getByRole('button', { name: 'Pause FLOW' }).click()
    await lane.getByText('paused', { exact: true }).waitFor()
    await lane.getByRole('button', { name: 'Resume FLOW' }).click()
    await lane.getByText('running', { exact: true }).waitFor()
    await lane.getByRole('button', { name: 'Stop' }).click()

    await lane.getByText('Stopped. What was loaded by then stays.').waitFor()
    expect(isAsked).toBe(true)
  })

  test('a broken pipe says why, and what is asked of it is refused in words', async () => {
    const { page, faults } = await open(stage, '/pipes')
    const lane = laneOf(page, 'BROKEN')
    await lane.getByText('broken', { exact: true }).waitFor()
    expect(await lane.innerText()).toContain('STAGE MILLRACE.PUBLIC.LOST does not exist')
    await lane.getByRole('button', { name: 'Refresh BROKEN' }).click()
    await lane
      .getByRole('alert')
      .filter({ hasText: 'The refresh failed: PIPE MILLRACE.PUBLIC.BROKEN cannot run' })
      .waitFor()
    await lane.getByRole('button', { name: 'Close this note' }).click()
    await lane.getByText('The refresh failed').waitFor({ state: 'detached' })
    expect(faults.filter((fault) => !fault.includes('409'))).toEqual([])
  })

  test('fits a phone, also with its details open', async () => {
    const { page } = await open(stage, '/pipes', { viewport: { width: 390, height: 844 } })
    const overflow = 'document.documentElement.scrollWidth - innerWidth'
    await laneOf(page, 'FLOW').waitFor()
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Details of FLOW', exact: true }).click()
    await page.getByRole('dialog').getByText('What the bucket needs').click()
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    expect(
      await page.evaluate(
        "(() => { const body = document.querySelector('.panel-body'); return body.scrollWidth - body.clientWidth })()",
      ),
    ).toBeLessThanOrEqual(0)
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    const { page } = await open(stage, '/pipes', { colorScheme })
    await laneOf(page, 'BROKEN').waitFor()
    expect(['lanes', await axeFaults(page)]).toEqual(['lanes', []])
    await page.getByRole('button', { name: 'Details of FLOW', exact: true }).click()
    await page.getByRole('dialog').getByText('What the bucket needs').click()
    expect(['details', await axeFaults(page)]).toEqual(['details', []])
  })
})

describe.skipIf(!hasBrowser)('the page of pipes of an empty lake', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
  })

  afterAll(async () => {
    await stage.close()
  })

  test.each(['light', 'dark'] as const)('says the next step, as text to copy, %s', async (colorScheme) => {
    const permissions = ['clipboard-read', 'clipboard-write']
    const { page, faults } = await open(stage, '/pipes', { colorScheme, permissions })
    const command = 'millrace add vpc-flow-logs s3://bucket/prefix/'
    await page.getByText(command).waitFor()
    await page.getByRole('button', { name: 'Copy: Command' }).first().click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command)
    await page.getByText('Let the bucket announce new objects').click()
    await page.getByText('s3:ObjectCreated:*').waitFor()

    expect(await axeFaults(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test('a pipe that is made meanwhile appears by itself', async () => {
    const { page, faults } = await open(stage, '/pipes', { viewport: { width: 390, height: 844 } })
    await page.getByRole('heading', { name: 'No pipe yet' }).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    const folder = join(stage.directory, 'logs')
    await mkdir(folder)
    await writeFile(join(folder, 'a.log'), flowLog(3))
    await ran(
      stage.lake,
      `create stage s url = 'file://${folder}/';
       create pipe p auto_ingest = true as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
    )

    await untilFigure(laneOf(page, 'P'), 'rows', '3')
    expect(faults).toEqual([])
  })
})
