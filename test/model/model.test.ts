import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openLake } from '../../src/index.ts'
import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'

const runs = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 300 : 2
const steps = 25
const firstSeed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000_000)
const loader = new URL('../crash/load-until-killed.mjs', import.meta.url).pathname
const points = ['load:rows', 'load:rejects', 'load:history', 'load:before-commit', 'load:after-commit']

/** A line is a number that a row carries in `packets`, or cannot be read. */
type Line = number | 'bad'

/** What a lake must hold: the model that the real one is compared with. */
class Model {
  /** Files in the folder, by path. */
  readonly files = new Map<string, readonly Line[]>()
  /** What was loaded of each path, last. */
  readonly loaded = new Map<string, readonly Line[]>()
  /** Paths whose present content differs from what was loaded. */
  readonly changed = new Set<string>()
  /** Paths of these that a load has held. */
  readonly held = new Set<string>()

  write(path: string, lines: readonly Line[]): void {
    this.files.set(path, lines)
    // What a load held stays in history until the next one looks.
    if (this.loaded.has(path)) this.changed.add(path)
  }

  load(onChange: 'replace' | 'hold', force: boolean): void {
    for (const [path, lines] of this.files) {
      const isNew = !this.loaded.has(path)
      if (isNew || force || (this.changed.has(path) && onChange === 'replace')) this.take(path, lines)
      else if (this.changed.has(path)) this.held.add(path)
    }
  }

  take(path: string, lines: readonly Line[]): void {
    this.loaded.set(path, lines)
    this.changed.delete(path)
    this.held.delete(path)
  }

  rows(): string[] {
    return [...this.loaded]
      .flatMap(([path, lines]) =>
        lines.flatMap((line, index) => (line === 'bad' ? [] : [`${path}:${index + 1}:${line}`])),
      )
      .toSorted()
  }

  rejects(): string[] {
    return [...this.loaded]
      .flatMap(([path, lines]) => lines.flatMap((line, index) => (line === 'bad' ? [`${path}:${index + 1}`] : [])))
      .toSorted()
  }
}

class World {
  readonly logs: string
  readonly lake: string
  readonly model = new Model()
  private readonly random: SeededRandom
  private clock = 1_700_000_000
  private nextNumber = 1

  constructor(root: string, random: SeededRandom) {
    this.logs = join(root, 'logs')
    this.lake = join(root, 'lake')
    this.random = random
    mkdirSync(this.logs)
  }

  async step(): Promise<string> {
    const choice = this.random.below(10)
    if (choice < 3) return this.write(`${this.random.pick(['a', 'b/c', 'b/old'])}/f${this.random.below(12)}.log`)
    if (choice < 4) return this.vanish()
    if (choice < 6) return this.load('replace', false)
    if (choice < 7) return this.load('hold', false)
    if (choice < 8) return this.accept()
    if (choice < 9) return this.random.oneIn(2) ? this.load('replace', true) : this.replay()
    return this.crash()
  }

  async check(): Promise<void> {
    const lake = await openLake(this.lake)
    try {
      const rows = await (
        await lake.query<{ uri: string; line: number; packets: number }>(
          `select o.uri, t._line as line, (to_json(t)->>'packets')::bigint as packets from lake.vpc_flow_logs t join lake.objects o on o.file_id = t._file_id`,
        )
      ).all()
      expect(rows.map((row) => `${row.uri}:${row.line}:${row.packets}`).toSorted()).toEqual(this.model.rows())
      const rejects = await lake.rejects({ limit: 100_000 })
      expect(rejects.map((reject) => `${reject.file}:${reject.line}`).toSorted()).toEqual(this.model.rejects())
      const held = await lake.history({ status: 'changed' })
      expect(held.map((entry) => entry.file).toSorted()).toEqual([...this.model.held].toSorted())
      for (const entry of await lake.history({ limit: 100_000 })) {
        if (entry.status !== 'changed') expect(entry.lines, entry.file).toBe(entry.rows + entry.rejects + entry.skipped)
      }
    } finally {
      await lake.close()
    }
  }

  private write(name: string): string {
    const path = join(this.logs, name)
    const lines = Array.from({ length: 1 + this.random.below(8) }, (): Line =>
      this.random.oneIn(6) ? 'bad' : this.nextNumber++,
    )
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, lines.map((line) => (line === 'bad' ? '2 x' : flowLine(line))).join('\n'))
    this.clock += 1
    utimesSync(path, this.clock, this.clock)
    this.model.write(path, lines)
    return `write ${name}`
  }

  private vanish(): string {
    const path = this.pickFile()
    if (path === undefined) return 'nothing to delete'
    rmSync(path)
    this.model.files.delete(path)
    return `delete ${path}`
  }

  private async load(onChange: 'replace' | 'hold', force: boolean): Promise<string> {
    const lake = await openLake(this.lake)
    await lake.load(this.logs, { type: 'vpc-flow-logs', onChange, force })
    await lake.close()
    this.model.load(onChange, force)
    return `load ${onChange} ${force ? 'force' : ''}`
  }

  private async accept(): Promise<string> {
    const path = [...this.model.held].find((held) => this.model.files.has(held))
    if (path === undefined) return 'nothing to accept'
    const lake = await openLake(this.lake)
    await lake.acceptChange(path)
    await lake.close()
    this.model.take(path, this.model.files.get(path) ?? [])
    return `accept ${path}`
  }

  private async replay(): Promise<string> {
    const lake = await openLake(this.lake)
    expect((await lake.replayRejects()).rows).toBe(0)
    await lake.close()
    return 'replay'
  }

  /** A loader killed at some point, then left to finish: as if it had not been killed. */
  private crash(): string {
    const point = this.random.pick(points)
    const run = (occurrence: string) =>
      spawnSync(process.execPath, [loader, this.lake, this.logs, point, occurrence, 'vpc-flow-logs'])
    run(String(1 + this.random.below(2)))
    const { status, stderr } = run('0')
    if (status !== 0) throw new Error(stderr.toString())
    this.model.load('replace', false)
    return `crash at ${point}`
  }

  private pickFile(): string | undefined {
    const paths = [...this.model.files.keys()]
    return paths.length === 0 ? undefined : this.random.pick(paths)
  }
}

function flowLine(packets: number): string {
  return `2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.0.220 49152 443 6 ${packets} 4249 1760104536 1760104596 ACCEPT OK`
}

test('write, change, late, vanish, load, hold, accept, force, replay and crash in any order leave what the model holds', async () => {
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run
    const root = mkdtempSync(join(tmpdir(), 'millrace-model-'))
    const world = new World(root, seededRandom(seed))
    const done: string[] = []
    try {
      for (let step = 0; step < steps; step++) {
        done.push(await world.step())
        await world.check()
      }
    } catch (error) {
      throw new Error(`MILLRACE_TEST_SEED=${seed}: after ${done.join(', ')}`, { cause: error })
    } finally {
      rmSync(root, { recursive: true })
    }
  }
}, 3_600_000)
