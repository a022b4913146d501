import { literal } from '../engines/duckdb.ts'
import { canonicalAddress } from './address.ts'
import type { Seen, WhyQuestion } from './observation.ts'

const stamp = (time: Date): string => `timestamp '${time.toISOString().slice(0, 19).replace('T', ' ')}'`
const address = (text: string): string => literal(canonicalAddress(text))

const isFrom = (text: string): string => `(srcaddr = ${address(text)} or pkt_srcaddr = ${address(text)})`
const isTo = (text: string): string => `(dstaddr = ${address(text)} or pkt_dstaddr = ${address(text)})`

function inTime({ from, to }: WhyQuestion): string {
  return `start >= ${stamp(from)} and start < ${stamp(to)}`
}

/** Records between the two addresses, each with its way. */
function between(question: WhyQuestion): string {
  const { source, destination, port } = question
  const request = `${isFrom(source)} and ${isTo(destination)}${port === undefined ? '' : ` and dstport = ${port}`}`
  const answer = `${isFrom(destination)} and ${isTo(source)}${port === undefined ? '' : ` and srcport = ${port}`}`
  return `
    select *, case when ${request} then 'request' else 'answer' end as way
    from logs.vpc_flow_logs
    where ${inTime(question)} and action is not null and ((${request}) or (${answer}))`
}

/**
 * Whose interface it is: all its records name its own address. Where both or neither is in all of them, the direction of its records
 * tells, as recorded or derived.
 */
export function seenSql(question: WhyQuestion): string {
  const { source, destination } = question
  const share = (text: string): string => `avg(case when ${isFrom(text)} or ${isTo(text)} then 1.0 else 0.0 end)`
  return `
    with between_them as (${between(question)}),
    owners as (
      select interface_id, ${share(source)} as source_share, ${share(destination)} as destination_share
      from logs.vpc_flow_logs
      where ${inTime(question)} and srcaddr is not null and interface_id in (select interface_id from between_them)
      group by interface_id
    )
    select way, b.interface_id,
      case
        when source_share = 1 and destination_share < 1 then 'source'
        when destination_share = 1 and source_share < 1 then 'destination'
        when direction = 'egress' then case when way = 'request' then 'source' else 'destination' end
        when direction = 'ingress' then case when way = 'request' then 'destination' else 'source' end
      end as side,
      action, reject_reason,
      count(*) as records, cast(coalesce(sum(packets), 0) as bigint) as packets, cast(coalesce(sum(bytes), 0) as bigint) as bytes,
      bit_or(tcp_flags) as tcp_flags, coalesce(bool_and(tcp_flags = 2), false) as only_syn,
      cast(min(start) as varchar) as first, cast(max(start) as varchar) as last
    from (
      select *, logs.flow_direction_of(srcaddr, dstaddr, null, null, null, pkt_srcaddr, pkt_dstaddr, flow_direction) as direction
      from between_them
    ) b
    left join owners o on o.interface_id = b.interface_id
    group by all
    order by way desc, side desc nulls last, last desc, action`
}

export function surroundingsSql(question: WhyQuestion, seen: readonly Seen[]): string {
  const { source, destination } = question
  const interfaces = [...new Set(seen.flatMap((one) => one.interface_id ?? []))]
  const theirs = interfaces.length === 0 ? '' : `and interface_id in (${interfaces.map(literal).join(', ')})`
  return `
    select
      count(srcaddr) as records,
      cast(count(*) filter (${isFrom(source)} or ${isTo(source)}) as bigint) as source_records,
      cast(count(*) filter (${isFrom(destination)} or ${isTo(destination)}) as bigint) as destination_records,
      cast(count(*) filter (log_status = 'SKIPDATA' ${theirs}) as bigint) as skipped_windows,
      (select cast(max("end") as varchar) from logs.vpc_flow_logs) as newest
    from logs.vpc_flow_logs
    where ${inTime(question)}`
}

export function recordsSql(question: WhyQuestion): string {
  return `
    select start, "end", interface_id, srcaddr, srcport, dstaddr, dstport, logs.protocol_name(protocol) as protocol, packets, bytes, action,
      logs.tcp_flag_names(tcp_flags) as tcp_flags, reject_reason
    from (${between(question)})
    order by start desc, interface_id, srcaddr
    limit 50`
}
