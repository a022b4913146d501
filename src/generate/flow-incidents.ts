import {
  blankExchange,
  blankRecord,
  direct,
  observe,
  wholeConnection,
  type Exchange,
  type FlowRecord,
} from './flow-records.ts'
import type { Incident } from './ground-truth.ts'
import { chooseTime, isoTime, scaled, type IncidentPlan, type PlannedIncident } from './incidents.ts'
import type { Network, NetworkInterface } from './network.ts'
import { attackerAddress } from './outside.ts'
import { itemAt } from './random.ts'

/** Plans the port scan, the brute force and the exfiltration, as far as their rows fit. */
export function planFlowIncidents(networks: readonly Network[], plan: IncidentPlan): PlannedIncident<FlowRecord>[] {
  const kinds = [planPortScan, planBruteForce, planExfiltration]
  const planned: PlannedIncident<FlowRecord>[] = []
  let budget = plan.budget
  kinds.forEach((planKind, index) => {
    const source = index % networks.length
    const records: FlowRecord[] = []
    const incident = planKind(itemAt(networks, source), plan, records)
    if (records.length > budget) return
    budget -= records.length
    records.sort((one, other) => one.end - other.end)
    planned.push({ incident, source, records })
  })
  return planned
}

function planPortScan(network: Network, plan: IncidentPlan, records: FlowRecord[]): Incident {
  const { random } = plan
  const host = itemAt(network.webs.items, network.webs.items.length - 1)
  const attacker = attackerAddress(random)
  const ports = random
    .shuffle(Array.from({ length: 1024 }, (_, index) => index + 1))
    .slice(0, scaled(plan.rows / 100, 100, 1000))
  const time = chooseTime(plan, { seconds: 300, share: 0.55 })
  const exchange = blankExchange()
  ports.forEach((port, index) => {
    exchange.clientPort = random.between(32768, 60999)
    exchange.serverPort = port
    exchange.start = exchange.end = time.from + Math.floor((index * time.seconds) / ports.length)
    exchange.isRequestAccepted = false
    exchange.requestFlags = 2
    exchange.requestPackets = 1
    exchange.requestBytes = 44
    keep(network, exchange, host, { isClient: false, remote: attacker }, records)
  })
  return { kind: 'port-scan', ...facts(network, host, attacker, host.address, records), ports: ports.length }
}

function planBruteForce(network: Network, plan: IncidentPlan, records: FlowRecord[]): Incident {
  const { random } = plan
  const host = network.bastion
  const attacker = attackerAddress(random)
  const attempts = scaled(plan.rows / 400, 50, 600)
  const time = chooseTime(plan, { seconds: 2700, share: 0.75 })
  const attemptSeconds = Math.floor(time.seconds * 0.6)
  const exchange = blankExchange()
  exchange.serverPort = 22
  for (let index = 0; index < attempts; index++) {
    exchange.clientPort = random.between(32768, 60999)
    exchange.end = time.from + Math.floor((index * attemptSeconds) / attempts)
    exchange.start = exchange.end - random.between(0, 2)
    exchange.requestPackets = random.between(9, 15)
    exchange.requestBytes = exchange.requestPackets * random.between(90, 130)
    exchange.replyPackets = random.between(8, 14)
    exchange.replyBytes = exchange.replyPackets * random.between(110, 160)
    exchange.requestFlags = wholeConnection.request
    exchange.replyFlags = wholeConnection.reply
    keep(network, exchange, host, { isClient: false, remote: attacker }, records)
  }

  const sessionStart = time.from + attemptSeconds
  const windows = 12
  const windowSeconds = Math.max(1, Math.floor((time.seconds - attemptSeconds) / windows))
  let sessionBytes = 0
  exchange.clientPort = random.between(32768, 60999)
  for (let index = 0; index < windows; index++) {
    exchange.start = sessionStart + index * windowSeconds
    exchange.end = exchange.start + windowSeconds - 1
    exchange.requestPackets = random.between(200, 900)
    exchange.requestBytes = exchange.requestPackets * random.between(90, 200)
    exchange.replyPackets = random.between(400, 1800)
    exchange.replyBytes = exchange.replyPackets * random.between(200, 1300)
    exchange.requestFlags = sessionFlags(index, windows, 2)
    exchange.replyFlags = sessionFlags(index, windows, 18)
    sessionBytes += exchange.requestBytes + exchange.replyBytes
    keep(network, exchange, host, { isClient: false, remote: attacker }, records)
  }
  const sessionFrom = isoTime(sessionStart)
  return {
    kind: 'ssh-brute-force',
    ...facts(network, host, attacker, host.address, records),
    attempts,
    sessionFrom,
    sessionBytes,
  }
}

function planExfiltration(network: Network, plan: IncidentPlan, records: FlowRecord[]): Incident {
  const { random } = plan
  const host = itemAt(network.stores.items, network.stores.items.length - 1)
  const receiver = attackerAddress(random)
  const count = scaled(plan.rows / 2000, 15, 400)
  const time = chooseTime(plan, { seconds: 10_800, share: 0.8, hour: 1 })
  const exchange = blankExchange()
  exchange.serverPort = 443
  exchange.clientPort = random.between(32768, 60999)
  const packets = Math.floor(scaled(plan.rows * 7, 700_000, 140_000_000) / count)
  let bytes = 0
  for (let index = 0; index < count; index++) {
    exchange.end = time.from + Math.floor((index * time.seconds) / count)
    exchange.start = exchange.end - 59
    exchange.requestPackets = random.between(packets, packets * 2)
    exchange.requestBytes = exchange.requestPackets * random.between(1380, 1448)
    exchange.replyPackets = Math.floor(exchange.requestPackets / 40)
    exchange.replyBytes = exchange.replyPackets * 52
    exchange.requestFlags = sessionFlags(index, count, 2)
    exchange.replyFlags = sessionFlags(index, count, 18)
    bytes += exchange.requestBytes
    keep(network, exchange, host, { isClient: true, remote: receiver }, records)
  }
  return { kind: 'exfiltration', ...facts(network, host, host.address, receiver, records), bytes }
}

function keep(
  network: Network,
  exchange: Exchange,
  host: NetworkInterface,
  side: { isClient: boolean; remote: string },
  records: FlowRecord[],
): void {
  const [client, server] = side.isClient ? [host.address, side.remote] : [side.remote, host.address]
  const sight = direct(host, side.isClient, client, server, 8)
  observe(blankRecord(host, network.region), exchange, sight, (record) => records.push({ ...record }))
}

function facts(
  network: Network,
  host: NetworkInterface,
  srcaddr: string,
  dstaddr: string,
  records: readonly FlowRecord[],
) {
  const from = Math.min(...records.map((record) => record.start))
  const to = Math.max(...records.map((record) => record.end))
  return {
    from: isoTime(from),
    to: isoTime(to),
    account: network.account,
    region: network.region,
    srcaddr,
    dstaddr,
    interfaceId: host.id,
    rows: records.length,
  }
}

function sessionFlags(index: number, count: number, opening: number): number {
  if (index === 0) return opening
  return index === count - 1 ? 1 : 0
}
