import { tcp, wholeConnection, type Exchange } from './flow-records.ts'
import type { Random } from './random.ts'

/** Longest time that one record stands for. */
export const captureSeconds = 60

/** Begins a TCP exchange that ends at the given second; its ports, flags and counts are still to be filled in. */
export function resetExchange(exchange: Exchange, random: Random, end: number): void {
  exchange.protocol = tcp
  exchange.clientPort = 1024 + random.below(64512)
  exchange.end = end
  exchange.start = end - random.below(captureSeconds)
  exchange.isIpv6 = false
  exchange.isRequestAccepted = true
  exchange.isReplyAccepted = true
  exchange.replyPackets = 0
  exchange.rejectReason = '-'
  exchange.serverPort = 0
  exchange.requestFlags = 0
  exchange.replyFlags = 0
  exchange.clientService = '-'
  exchange.serverService = '-'
}

/** Fills in heavy-tailed counts; one conversation in five was there before the window and goes on after it. */
export function volume(exchange: Exchange, random: Random, requestPackets: number, replyPackets: number): void {
  const scale = 1 << random.halvings(12)
  exchange.requestPackets = (2 + random.below(requestPackets)) * scale
  exchange.replyPackets = (2 + random.below(replyPackets)) * scale
  exchange.requestBytes = exchange.requestPackets * (52 + random.below(500))
  exchange.replyBytes = exchange.replyPackets * (120 + random.below(1320))
  const isWhole = random.chance(0.8)
  exchange.requestFlags = isWhole ? wholeConnection.request : 0
  exchange.replyFlags = isWhole ? wholeConnection.reply : 0
}
