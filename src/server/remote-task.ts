import type { TaskDetails, TaskHandle } from '../api.ts'
import type { ServerConnection } from './connection.ts'
import { parameters } from './parameters.ts'
import { taskRunsShape, taskShape } from './task-shapes.ts'

const whenCancelled = 'It was cancelled. Nothing of the run was kept.'

/** A task of a lake that a server has open. */
export class RemoteTask implements TaskHandle {
  private readonly server: ServerConnection
  private readonly path: string

  constructor(server: ServerConnection, name: string) {
    this.server = server
    this.path = `/tasks/${encodeURIComponent(name)}`
  }

  details(): Promise<TaskDetails> {
    return this.server.value({ method: 'GET', path: this.path }, taskShape)
  }

  resume(): Promise<TaskDetails> {
    return this.server.value({ method: 'POST', path: `${this.path}/resume`, body: {} }, taskShape)
  }

  suspend(): Promise<TaskDetails> {
    return this.server.value({ method: 'POST', path: `${this.path}/suspend`, body: {} }, taskShape)
  }

  readonly run: TaskHandle['run'] = ({ signal } = {}) =>
    this.server.value({ method: 'POST', path: `${this.path}/run`, body: {}, signal, whenCancelled }, taskRunsShape)

  readonly history: TaskHandle['history'] = (options = {}) =>
    this.server.value({ method: 'GET', path: `${this.path}/history${parameters(options)}` }, taskRunsShape)
}
