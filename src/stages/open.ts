import { fileURLToPath } from 'node:url'
import type { Access, Aws } from '../aws/aws.ts'
import type { Keeping } from '../aws/put-object.ts'
import { type Timing, systemTiming } from '../aws/timing.ts'
import { MillraceError } from '../errors.ts'
import { openLocalStage } from './local.ts'
import { isLogGroup, isOfEvents } from './log-group.ts'
import { openLocalWriter } from './local-writer.ts'
import { openS3Writer } from './s3-stage-writer.ts'
import { openS3Stage, readS3Url } from './s3.ts'
import type { Listing, Stage } from './stage.ts'
import type { StageWriter } from './writer.ts'

/** Opens places by how they are written: a path, `file:///path/`, or `s3://bucket/folder/`. What AWS needs is opened with the first bucket. */
export class Stages {
  /** Absolute; nothing in it is a log. */
  readonly lakeDirectory: string
  private readonly timing: Timing
  private opened: Promise<Aws> | undefined

  constructor(lakeDirectory: string, timing = systemTiming) {
    this.lakeDirectory = lakeDirectory
    this.timing = timing
  }

  async open(source: string, access: Access = {}, listing: Listing = {}): Promise<Stage> {
    const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source) ?? []
    if (scheme === undefined) return openLocalStage(source, this.lakeDirectory, listing)
    if (scheme === 'file') return openLocalStage(fileURLToPath(source), this.lakeDirectory, listing)
    if (isOfEvents(source))
      throw new MillraceError(
        'SOURCE_UNSUPPORTED',
        `${source} holds no objects to list: ${isLogGroup(source) ? 'a log group is read' : 'what Firehose sends is taken'} by a pipe. Make one with "millrace add", or CREATE PIPE.`,
      )
    if (!/^s3(gov|china|compat)?$/.test(scheme))
      throw new MillraceError(
        'SOURCE_UNSUPPORTED',
        `${source} is neither a path nor a bucket. Give a file, a folder, or s3://bucket/folder/.`,
      )
    const location = readS3Url(source)
    const { requesterPays } = access
    return openS3Stage(location, (await this.aws()).s3(access), { ...listing, requesterPays })
  }

  /** Opens a place to change what is in it. */
  async openWriter(source: string, access: Access = {}, keeping: Keeping = {}): Promise<StageWriter> {
    if (source.startsWith('file:')) return openLocalWriter(fileURLToPath(source))
    const { requesterPays } = access
    return openS3Writer(readS3Url(source), (await this.aws()).s3Writer(access), { ...keeping, requesterPays })
  }

  /** AWS as the environment has it. */
  aws(): Promise<Aws> {
    this.opened ??= import('../aws/aws.ts')
      .then(({ Aws }) => Aws.open(process.env, this.timing))
      .catch((error: unknown) => {
        // With other settings it may go.
        this.opened = undefined
        throw error
      })
    return this.opened
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => undefined)
    await opened?.close()
  }
}
