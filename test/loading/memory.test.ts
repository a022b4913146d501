import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { expect, test } from 'vitest'
import { runChild } from './child.ts'
import { openedLake, temporaryFolder, valuesOf } from './lakes.ts'
import { flowHeader, flowLine } from './lines.ts'
import { isSoak } from './scale.ts'

const MiB = 1 << 20

/** Writes a gzip file of a line repeated to so many bytes, and a record at its end. */
async function writeBomb(path: string, line: string, bytes: number): Promise<void> {
  const chunk = Buffer.from(`${line}\n`.repeat(Math.max(1, Math.floor(MiB / (line.length + 1)))))
  function* chunks(): Generator<Buffer> {
    yield Buffer.from(`${flowHeader}\n${flowLine(1)}\n`)
    for (let written = 0; written < bytes; written += chunk.length) yield chunk
    yield Buffer.from(`${flowLine(2)}\n`)
  }
  await pipeline(chunks(), createGzip({ level: 1 }), createWriteStream(path))
}

/** Bytes that a process needs to open a lake and load next to nothing. */
async function baseline(): Promise<number> {
  const folder = temporaryFolder()
  await writeBomb(join(folder, 'small.log.gz'), flowLine(1), 1)
  const outcome = await runChild({
    directory: join(temporaryFolder(), 'lake'),
    folder,
    openOptions: { memoryLimit: '128MB' },
  })
  return outcome.is === 'done' ? outcome.peakBytes : 0
}

/** What a packed file repeats, and to how many megabytes. */
const repeated: readonly (readonly [what: string, line: string, megabytes: number])[] = [
  ['blank lines', ' '.repeat(2000), isSoak ? 4096 : 384],
  ...(isSoak
    ? ([
        ['one record', flowLine(7), 2048],
        ['a line of a megabyte', `${'z'.repeat(MiB - 3)} z`, 1024],
      ] as const)
    : []),
]

test.each(repeated)(
  'a small gzip file that inflates to very much of %s takes bounded memory',
  async (_, line, megabytes) => {
    const folder = temporaryFolder()
    const directory = join(temporaryFolder(), 'lake')
    await writeBomb(join(folder, 'bomb.log.gz'), line, megabytes * MiB)

    const outcome = await runChild({ directory, folder, openOptions: { memoryLimit: '128MB', threads: 1 } })

    expect(outcome).toMatchObject({ is: 'done', summary: { files: 1, failed_files: 0 } })
    const peak = outcome.is === 'done' ? outcome.peakBytes : Infinity
    expect((peak - (await baseline())) / MiB).toBeLessThan(Math.min(megabytes * 0.7, 450))
    const lake = await openedLake({ directory })
    expect(await valuesOf(lake, 'select count(*)::integer from vpc_flow_logs where bytes in (1, 2)')).toEqual([2])
  },
)
