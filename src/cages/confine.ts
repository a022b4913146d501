import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import http from 'node:http'
import inspector from 'node:inspector'
import net from 'node:net'

const pageBytes = 65_536

const resolving = [
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCname',
  'resolveMx',
  'resolveNs',
  'resolveTxt',
  'reverse',
]

function refuse(): never {
  throw new Error('A function has no way out of its cage.')
}

/**
 * Closes what Node's permission model leaves open, before anything of a user runs: sockets, names, and the growth of WebAssembly's memory
 * beyond `bytes`. It is the second fence: the first is that Python and QuickJS are WebAssembly, and are handed nothing of Node.
 */
export function confine(bytes: number): void {
  const sealed: readonly (readonly [object, readonly string[]])[] = [
    [net.Socket.prototype, ['connect']],
    [net.Server.prototype, ['listen']],
    [dgram.Socket.prototype, ['bind', 'connect', 'send']],
    [dns, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6']],
    [dns.promises, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6']],
    [dns.Resolver.prototype, resolving],
    [dns.promises.Resolver.prototype, resolving],
    [inspector, ['open']],
    [http, ['request', 'get', 'createServer']],
    [process, ['dlopen', 'kill', 'chdir', '_debugProcess']],
  ]
  for (const [target, names] of sealed)
    for (const name of names)
      Object.defineProperty(target, name, { value: refuse, writable: false, configurable: false })
  for (const name of ['fetch', 'WebSocket', 'EventSource']) Reflect.deleteProperty(globalThis, name)
  // Emscripten asks for these numbers by a call that the permission model refuses.
  Object.defineProperty(process, 'binding', { value: () => ({ fs: fs.constants }), configurable: false })
  const grow: unknown = Reflect.get(WebAssembly.Memory.prototype, 'grow')
  if (typeof grow !== 'function') throw new Error('WebAssembly has no memory that grows.')
  Object.defineProperty(WebAssembly.Memory.prototype, 'grow', {
    value(this: WebAssembly.Memory, pages: number): unknown {
      if (this.buffer.byteLength + pages * pageBytes > bytes) throw new RangeError('The memory of a cage is used up.')
      const before: unknown = Reflect.apply(grow, this, [pages])
      return before
    },
    configurable: false,
  })
}
