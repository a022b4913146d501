import type { NetworkInterface } from './network.ts'

/** One flow record. The writers reuse a single one, so copy it to keep it. */
export interface FlowRecord {
  interface: NetworkInterface
  region: string
  status: 'OK' | 'NODATA' | 'SKIPDATA'
  srcaddr: string
  dstaddr: string
  pktSrcaddr: string
  pktDstaddr: string
  srcService: string
  dstService: string
  srcport: number
  dstport: number
  protocol: number
  packets: number
  bytes: number
  /** Epoch seconds. */
  start: number
  /** Epoch seconds. */
  end: number
  isAccepted: boolean
  rejectReason: string
  tcpFlags: number
  isIpv6: boolean
  isEgress: boolean
  /** 1 to 8, or 0 where it does not apply. */
  trafficPath: number
  /** 0 to 3, or -1 where it is unknown. */
  encryption: number
  nextHop: NetworkInterface | undefined
}

/** What a client and a server exchange in one capture window. */
export interface Exchange {
  protocol: number
  clientPort: number
  serverPort: number
  start: number
  end: number
  requestPackets: number
  requestBytes: number
  replyPackets: number
  replyBytes: number
  requestFlags: number
  replyFlags: number
  isIpv6: boolean
  /** A rejected request has no reply. */
  isRequestAccepted: boolean
  isReplyAccepted: boolean
  rejectReason: string
  clientService: string
  serverService: string
}

/** Where an interface stands in an exchange, and the addresses that it sees. */
export interface Sight {
  at: NetworkInterface
  isClient: boolean
  client: string
  server: string
  pktClient: string
  pktServer: string
  /** Path of the traffic that leaves the interface. */
  trafficPath: number
  nextHop: NetworkInterface | undefined
}

export const tcp = 6
export const udp = 17
export const icmp = 1
export const icmp6 = 58

const syn = 2
const synAck = 18
const fin = 1

/** tcp-flags of a connection's two directions, for a connection that begins and ends in one window. */
export const wholeConnection: { request: number; reply: number } = { request: syn | fin, reply: synAck | fin }

export function blankRecord(at: NetworkInterface, region: string): FlowRecord {
  return {
    interface: at,
    region,
    status: 'OK',
    srcaddr: '-',
    dstaddr: '-',
    pktSrcaddr: '-',
    pktDstaddr: '-',
    srcService: '-',
    dstService: '-',
    srcport: 0,
    dstport: 0,
    protocol: 0,
    packets: 0,
    bytes: 0,
    start: 0,
    end: 0,
    isAccepted: true,
    rejectReason: '-',
    tcpFlags: 0,
    isIpv6: false,
    isEgress: false,
    trafficPath: 0,
    encryption: -1,
    nextHop: undefined,
  }
}

export function blankExchange(): Exchange {
  return {
    protocol: tcp,
    clientPort: 0,
    serverPort: 0,
    start: 0,
    end: 0,
    requestPackets: 1,
    requestBytes: 40,
    replyPackets: 0,
    replyBytes: 0,
    requestFlags: 0,
    replyFlags: 0,
    isIpv6: false,
    isRequestAccepted: true,
    isReplyAccepted: true,
    rejectReason: '-',
    clientService: '-',
    serverService: '-',
  }
}

/** How an interface sees an exchange in which nothing stands between the two ends. */
export function direct(
  at: NetworkInterface,
  isClient: boolean,
  client: string,
  server: string,
  trafficPath: number,
  nextHop?: NetworkInterface,
): Sight {
  return { at, isClient, client, server, pktClient: client, pktServer: server, trafficPath, nextHop }
}

/** Emits the records, one for each direction, that an interface makes of an exchange. */
export function observe(
  record: FlowRecord,
  exchange: Exchange,
  sight: Sight,
  emit: (record: FlowRecord) => void,
): void {
  record.interface = sight.at
  record.status = 'OK'
  record.protocol = exchange.protocol
  record.start = exchange.start
  record.end = exchange.end
  record.isIpv6 = exchange.isIpv6
  record.nextHop = sight.nextHop
  record.encryption = encryptionOf(exchange, sight)

  record.srcaddr = sight.client
  record.dstaddr = sight.server
  record.pktSrcaddr = sight.pktClient
  record.pktDstaddr = sight.pktServer
  record.srcService = exchange.clientService
  record.dstService = exchange.serverService
  record.srcport = exchange.clientPort
  record.dstport = exchange.serverPort
  record.packets = exchange.requestPackets
  record.bytes = exchange.requestBytes
  record.tcpFlags = exchange.requestFlags
  record.isEgress = sight.isClient
  record.trafficPath = sight.isClient ? sight.trafficPath : 0
  record.isAccepted = exchange.isRequestAccepted
  record.rejectReason = exchange.isRequestAccepted ? '-' : exchange.rejectReason
  emit(record)
  if (!exchange.isRequestAccepted || exchange.replyPackets === 0) return

  record.srcaddr = sight.server
  record.dstaddr = sight.client
  record.pktSrcaddr = sight.pktServer
  record.pktDstaddr = sight.pktClient
  record.srcService = exchange.serverService
  record.dstService = exchange.clientService
  record.srcport = exchange.serverPort
  record.dstport = exchange.clientPort
  record.packets = exchange.replyPackets
  record.bytes = exchange.replyBytes
  record.tcpFlags = exchange.replyFlags
  record.isEgress = !sight.isClient
  record.trafficPath = sight.isClient ? 0 : sight.trafficPath
  record.isAccepted = exchange.isReplyAccepted
  record.rejectReason = '-'
  emit(record)
}

function encryptionOf(exchange: Exchange, sight: Sight): number {
  if (!sight.at.isEncrypted) return -1
  const isTls = exchange.serverPort === 443 && exchange.serverService !== '-' ? 2 : 0
  return isTls | (sight.nextHop === undefined ? 0 : 1)
}
