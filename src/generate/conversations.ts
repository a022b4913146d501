import {
  blankExchange,
  blankRecord,
  direct,
  icmp,
  icmp6,
  observe,
  udp,
  type FlowRecord,
  type Sight,
} from './flow-records.ts'
import type { Network, NetworkInterface } from './network.ts'
import { scannerAddress, type Outside } from './outside.ts'
import { WeightedDraw, itemAt, type Random } from './random.ts'
import { captureSeconds, resetExchange, volume } from './volumes.ts'

interface TrafficOptions {
  network: Network
  outside: Outside
  random: Random
  emit: (record: FlowRecord) => void
}

const scannedPorts = [22, 23, 80, 445, 1433, 3389, 5060, 5900, 6379, 8080, 8443, 9200]

/** Returns a function that emits the records of one everyday conversation whose records end at the given second. */
export function createTraffic(options: TrafficOptions): (end: number) => void {
  const { network, outside, random, emit } = options
  const record = blankRecord(network.bastion, network.region)
  const exchange = blankExchange()
  const see = (sight: Sight): void => observe(record, exchange, sight, emit)

  const conversations: readonly (readonly [weight: number, emitConversation: () => void])[] = [
    [34, visit],
    [26, callInside],
    [8, leaveThroughGateway],
    [10, useGatewayEndpoint],
    [4, useInterfaceEndpoint],
    [6, lookUpName],
    [1, ping],
    [7, knock],
    [1, wrongPort],
    [0.4, lostReply],
    [1.2, callStaging],
    [0.5, leaveThroughRegionalGateway],
    [3.3, silence],
  ]
  const draw = new WeightedDraw(conversations.map(([weight]) => weight))

  return (end) => {
    resetExchange(exchange, random, end)
    itemAt(conversations, draw.draw(random))[1]()
  }

  /** A client on the internet visits a web server. */
  function visit(): void {
    const web = network.webs.draw(random)
    const isIpv6 = web.address6 !== '' && random.chance(0.3)
    const client = (isIpv6 ? outside.clients6 : outside.clients).draw(random)
    volume(exchange, random, 12, 10)
    exchange.isIpv6 = isIpv6
    exchange.serverPort = web.port
    exchange.clientService = client.service
    const server = isIpv6 ? web.address6 : web.address
    see(direct(web, false, client.address, server, 8))
  }

  /** One host calls another in its VPC; both interfaces record it. */
  function callInside(): void {
    const isStore = random.chance(0.6)
    const client = (isStore ? network.apps : network.webs).draw(random)
    const server = (isStore ? network.stores : network.apps).draw(random)
    volume(exchange, random, 9, 11)
    exchange.serverPort = server.port
    between(client, server, 1)
  }

  /** A host talks to the internet through a NAT gateway, which shows both of its legs. */
  function leaveThroughGateway(): void {
    const host = network.apps.draw(random)
    const gateway = network.gateways.draw(random)
    const server = (random.chance(0.6) ? outside.servers : outside.services).draw(random)
    volume(exchange, random, 10, 10)
    exchange.serverPort = 443
    exchange.serverService = server.service
    see(direct(host, true, host.address, server.address, 1, gateway))
    see({
      at: gateway,
      isClient: false,
      client: host.address,
      server: gateway.address,
      pktClient: host.address,
      pktServer: server.address,
      trafficPath: 1,
      nextHop: host,
    })
    see(direct(gateway, true, gateway.address, server.address, 8))
  }

  function leaveThroughRegionalGateway(): void {
    const gateway = network.regionalGateway
    const server = outside.servers.draw(random)
    volume(exchange, random, 8, 9)
    exchange.serverPort = 443
    see(direct(gateway, true, gateway.address, server.address, 8))
  }

  /** A host reads or writes S3 or DynamoDB. */
  function useGatewayEndpoint(): void {
    const host = network.apps.draw(random)
    const isIpv6 = host.address6 !== '' && random.chance(0.2)
    const service = (isIpv6 ? outside.services6 : outside.gatewayServices).draw(random)
    volume(exchange, random, 20, 12)
    exchange.isIpv6 = isIpv6
    exchange.serverPort = 443
    exchange.serverService = service.service
    see(direct(host, true, isIpv6 ? host.address6 : host.address, service.address, 7))
  }

  function useInterfaceEndpoint(): void {
    volume(exchange, random, 8, 8)
    exchange.serverPort = 443
    between(network.apps.draw(random), network.endpoints.draw(random), 1)
  }

  function lookUpName(): void {
    exchange.protocol = udp
    exchange.serverPort = 53
    exchange.requestPackets = exchange.replyPackets = random.between(1, 3)
    exchange.requestBytes = exchange.requestPackets * random.between(60, 90)
    exchange.replyBytes = exchange.replyPackets * random.between(90, 480)
    between(network.apps.draw(random), network.resolvers.draw(random), 1)
  }

  function ping(): void {
    exchange.protocol = icmp
    exchange.clientPort = 0
    exchange.requestPackets = exchange.replyPackets = random.between(1, 60)
    exchange.requestBytes = exchange.replyBytes = exchange.requestPackets * 84
    const [from, to] = [network.apps.draw(random), network.webs.draw(random)]
    if (from.address6 === '' || to.address6 === '' || random.chance(0.7)) return between(from, to, 1)
    exchange.protocol = icmp6
    exchange.isIpv6 = true
    see(direct(from, true, from.address6, to.address6, 1, to))
    see(direct(to, false, from.address6, to.address6, 1, from))
  }

  /** The noise of the internet: somebody tries a port and is turned away. */
  function knock(): void {
    const host = network.webs.draw(random)
    refuse(random.between(1, 3))
    exchange.serverPort = random.pick(scannedPorts)
    see(direct(host, false, scannerAddress(random), host.address, 8))
  }

  /** A host calls a port that the security group of the other does not open. */
  function wrongPort(): void {
    const client = network.webs.draw(random)
    const server = network.stores.draw(random)
    exchange.requestPackets = random.between(1, 5)
    exchange.requestBytes = exchange.requestPackets * 60
    exchange.requestFlags = 2
    exchange.serverPort = server.port === 3306 ? 5432 : 3306
    see(direct(client, true, client.address, server.address, 1, server))
    refuse(exchange.requestPackets)
    see(direct(server, false, client.address, server.address, 1, client))
  }

  /** A network ACL, which is stateless, drops the reply to a request that it let in. */
  function lostReply(): void {
    const web = network.webs.draw(random)
    exchange.requestPackets = exchange.replyPackets = random.between(2, 6)
    exchange.requestBytes = exchange.replyBytes = exchange.requestPackets * 60
    exchange.requestFlags = 2
    exchange.replyFlags = 18
    exchange.serverPort = web.port
    exchange.isReplyAccepted = false
    see(direct(web, false, outside.clients.draw(random).address, web.address, 8))
  }

  /** Production calls staging over a VPC peering connection. */
  function callStaging(): void {
    const server = network.staging.draw(random)
    volume(exchange, random, 6, 9)
    exchange.serverPort = server.port
    between(network.apps.draw(random), server, 4)
  }

  function silence(): void {
    record.interface = network.all.draw(random)
    record.status = random.chance(0.9) ? 'NODATA' : 'SKIPDATA'
    record.start = exchange.end - captureSeconds + 1
    record.end = exchange.end
    emit(record)
  }

  function refuse(packets: number): void {
    exchange.isRequestAccepted = false
    exchange.requestPackets = packets
    exchange.requestBytes = packets * random.pick([40, 44, 52, 60])
    exchange.requestFlags = 2
    if (random.chance(0.02)) exchange.rejectReason = random.chance(0.7) ? 'BPA' : 'EC'
  }

  function between(client: NetworkInterface, server: NetworkInterface, path: number): void {
    const pod = client.secondary.length > 0 && random.chance(0.5) ? random.pick(client.secondary) : client.address
    see({
      at: client,
      isClient: true,
      client: client.address,
      server: server.address,
      pktClient: pod,
      pktServer: server.address,
      trafficPath: path,
      nextHop: server,
    })
    see(direct(server, false, pod, server.address, path, client))
  }
}
