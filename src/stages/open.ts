import type { StandardS3 } from '../aws/standard-s3.ts'
import { MillraceError } from '../errors.ts'
import { openLocalStage } from './local.ts'
import { openS3Stage, readS3Url } from './s3.ts'
import type { Stage } from './stage.ts'

/** Opens places by how they are written: a path, or `s3://bucket/folder/`. What S3 needs is opened with the first bucket. */
export class Stages {
  private readonly lakeDirectory: string
  private s3: Promise<StandardS3> | undefined

  constructor(lakeDirectory: string) {
    this.lakeDirectory = lakeDirectory
  }

  async open(source: string): Promise<Stage> {
    const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source) ?? []
    if (scheme === undefined) return openLocalStage(source, this.lakeDirectory)
    if (scheme !== 's3')
      throw new MillraceError(
        'SOURCE_UNSUPPORTED',
        `${source} is neither a path nor a bucket. Give a file, a folder, or s3://bucket/folder/.`,
      )
    const location = readS3Url(source)
    this.s3 ??= import('../aws/standard-s3.ts').then(({ openStandardS3 }) => openStandardS3(process.env))
    const { client } = await this.s3.catch((error: unknown) => {
      // With other settings it may go.
      this.s3 = undefined
      throw error
    })
    return openS3Stage(location, client)
  }

  async close(): Promise<void> {
    const opened = await this.s3?.catch(() => undefined)
    await opened?.close()
  }
}
