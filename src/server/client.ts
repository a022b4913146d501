import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type {
  Lake,
  LoadOptions,
  LoadSummary,
  QueryOptions,
  QueryResult,
  RunOptions,
  StatementResult,
  Value,
} from '../api.ts'
import { MillraceError } from '../errors.ts'
import {
  backupShape,
  doctorShape,
  historyShape,
  lakeShape,
  loadLineShape,
  loadSummaryShape,
  rejectsShape,
  replayShape,
  restoreShape,
  statusShape,
} from './answers.ts'
import { ServerConnection } from './connection.ts'
import { parameters } from './parameters.ts'
import { pipeShape, stagesShape } from './pipe-shapes.ts'
import { RemotePipe } from './remote-pipe.ts'
import { RemoteTask } from './remote-task.ts'
import { streamShape, taskShape } from './task-shapes.ts'
import { RemoteResult } from './remote-result.ts'
import { runRemotely } from './remote-run.ts'

/** How long a server may take to say which lake it has. */
const greetingMs = 5000

/** Paths mean those of the one who asks, not of the server. */
function ownPath(source: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source : resolve(source)
}

/** A lake that a server has open, reached over HTTP. */
export class RemoteLake implements Lake {
  readonly directory: string
  private readonly server: ServerConnection

  private constructor(directory: string, server: ServerConnection) {
    this.directory = directory
    this.server = server
  }

  /** Connects to a server; rejects when it does not answer, or has another lake. */
  static async connect(directory: string, url: string, token: string): Promise<RemoteLake> {
    const server = new ServerConnection(url, token)
    try {
      const lake = await server.value({ method: 'GET', path: '/lake', answerMs: greetingMs }, lakeShape)
      if (realpathSync(lake.directory) !== realpathSync(directory))
        throw new MillraceError('SERVER_REFUSED', `The server at ${url} has another lake open, ${lake.directory}.`)
      return new RemoteLake(directory, server)
    } catch (error) {
      server.close()
      throw error
    }
  }

  async load(source: string, { onProgress, signal, ...options }: LoadOptions = {}): Promise<LoadSummary> {
    const lines = await this.server.lines({
      method: 'POST',
      path: '/load',
      body: { source: ownPath(source), ...options },
      signal,
      whenCancelled: 'The load was cancelled. What was committed stays; run it again to go on where it stopped.',
    })
    for await (const value of lines) {
      const line = this.server.check(loadLineShape, value)
      if ('progress' in line) onProgress?.(line.progress)
      else if ('summary' in line) return line.summary
      else throw this.server.failure(line)
    }
    throw new MillraceError(
      'SERVER_REFUSED',
      `The server ended the load of ${source} without saying how. See "millrace history".`,
    )
  }

  acceptChange(uri: string): Promise<LoadSummary> {
    return this.server.value({ method: 'POST', path: '/accept-change', body: { uri } }, loadSummaryShape)
  }

  query<Row extends object = Record<string, Value>>(
    sql: string,
    { signal, ...options }: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    return RemoteResult.start<Row>(this.server, { sql, ...options }, signal)
  }

  run(script: string, options: RunOptions = {}): AsyncIterable<StatementResult, void> {
    return runRemotely(this.server, script, options)
  }

  readonly status: Lake['status'] = () => this.server.value({ method: 'GET', path: '/status' }, statusShape)

  readonly history: Lake['history'] = (options = {}) =>
    this.server.value({ method: 'GET', path: `/history${parameters(options)}` }, historyShape)

  readonly rejects: Lake['rejects'] = (options = {}) =>
    this.server.value({ method: 'GET', path: `/rejects${parameters(options)}` }, rejectsShape)

  readonly replayRejects: Lake['replayRejects'] = (options = {}) =>
    this.server.value({ method: 'POST', path: '/rejects/replay', body: options }, replayShape)

  readonly backup: Lake['backup'] = (directory) =>
    this.server.value({ method: 'POST', path: '/backup', body: { directory: resolve(directory) } }, backupShape)

  readonly restore: Lake['restore'] = (directory) =>
    this.server.value({ method: 'POST', path: '/restore', body: { directory: resolve(directory) } }, restoreShape)

  readonly doctor: Lake['doctor'] = () => this.server.value({ method: 'GET', path: '/doctor' }, doctorShape)

  readonly listStages: Lake['listStages'] = () => this.server.value({ method: 'GET', path: '/stages' }, stagesShape)

  readonly listPipes: Lake['listPipes'] = () => this.server.value({ method: 'GET', path: '/pipes' }, z.array(pipeShape))

  readonly pipe: Lake['pipe'] = (name) => new RemotePipe(this.server, name)

  readonly listStreams: Lake['listStreams'] = () =>
    this.server.value({ method: 'GET', path: '/streams' }, z.array(streamShape))

  readonly listTasks: Lake['listTasks'] = () => this.server.value({ method: 'GET', path: '/tasks' }, z.array(taskShape))

  readonly task: Lake['task'] = (name) => new RemoteTask(this.server, name)

  /** Ends the connection. The server keeps the lake open. */
  async close(): Promise<void> {
    this.server.close()
  }
}
