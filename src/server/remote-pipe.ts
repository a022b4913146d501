import type { AccessKey, PipeDetails, PipeHandle } from '../api.ts'
import type { ServerConnection } from './connection.ts'
import { parameters } from './parameters.ts'
import { accessKeyShape, parkedShape, pipeLoadShape, pipeShape } from './pipe-shapes.ts'
import { historyScanShape, insertAnswerShape, insertReportShape } from './snowpipe-shapes.ts'

const whenCancelled = 'It was cancelled. What was committed stays.'

/** A pipe of a lake that a server has open. */
export class RemotePipe implements PipeHandle {
  private readonly server: ServerConnection
  private readonly path: string
  private readonly data: string

  constructor(server: ServerConnection, name: string) {
    this.server = server
    this.path = `/pipes/${encodeURIComponent(name)}`
    this.data = `/data${this.path}`
  }

  details(): Promise<PipeDetails> {
    return this.server.value({ method: 'GET', path: this.path }, pipeShape)
  }

  pause(): Promise<PipeDetails> {
    return this.server.value({ method: 'POST', path: `${this.path}/pause`, body: {} }, pipeShape)
  }

  resume(): Promise<PipeDetails> {
    return this.server.value({ method: 'POST', path: `${this.path}/resume`, body: {} }, pipeShape)
  }

  readonly refresh: PipeHandle['refresh'] = ({ signal, ...body } = {}) =>
    this.server.value({ method: 'POST', path: `${this.path}/refresh`, body, signal, whenCancelled }, pipeLoadShape)

  readonly retry: PipeHandle['retry'] = ({ signal } = {}) =>
    this.server.value({ method: 'POST', path: `${this.path}/retry`, body: {}, signal, whenCancelled }, pipeLoadShape)

  renewAccessKey(): Promise<AccessKey> {
    return this.server.value({ method: 'POST', path: `${this.path}/access-key`, body: {} }, accessKeyShape)
  }

  readonly parked: PipeHandle['parked'] = ({ limit } = {}) =>
    this.server.value({ method: 'GET', path: `${this.path}/parked${parameters({ limit })}` }, parkedShape)

  readonly insertFiles: PipeHandle['insertFiles'] = (files, options = {}) =>
    this.server.value(
      { method: 'POST', path: `${this.data}/insertFiles${parameters(options)}`, body: { files } },
      insertAnswerShape,
    )

  readonly insertReport: PipeHandle['insertReport'] = (options = {}) =>
    this.server.value({ method: 'GET', path: `${this.data}/insertReport${parameters(options)}` }, insertReportShape)

  readonly loadHistoryScan: PipeHandle['loadHistoryScan'] = (options) =>
    this.server.value({ method: 'GET', path: `${this.data}/loadHistoryScan${parameters(options)}` }, historyScanShape)
}
