import { messageOf, systemCodeOf } from '../errors.ts'

/** Where an exchange broke: no answer came, or its body ended early. */
export type TransportPhase = 'answer' | 'body'

/** A request that got no whole answer. */
export class TransportFailure extends Error {
  readonly phase: TransportPhase
  /** Whether another attempt may succeed: false for a certificate that is not trusted, or an address that is none. */
  readonly isPassing: boolean

  constructor(phase: TransportPhase, cause: unknown, isPassing = mayPass(systemCodeOf(cause))) {
    super(messageOf(cause), { cause })
    this.name = 'TransportFailure'
    this.phase = phase
    this.isPassing = isPassing
  }
}

/** What undici and the system call what passes: time limits, lost connections, names that are not found for now, broken answers. */
const passing =
  /^(?:UND_ERR_(?:CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|SOCKET|RES_CONTENT_LENGTH_MISMATCH|INFO)|HPE_.*|E(?:CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|HOSTDOWN|AI_AGAIN)|ENOTFOUND)$/

function mayPass(code: string | undefined): boolean {
  return code !== undefined && passing.test(code)
}
