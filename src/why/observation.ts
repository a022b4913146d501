/** A question: does traffic from one address reach another, and if not, why? */
export interface WhyQuestion {
  readonly source: string
  readonly destination: string
  /** Port at the destination; all of them when absent. */
  readonly port?: number | undefined
  readonly from: Date
  readonly to: Date
}

/** What the records say of one direction at one network interface. */
export interface Seen {
  /** `request`: from source to destination. `answer`: back. */
  readonly way: 'request' | 'answer'
  readonly interface_id: string | null
  /** Whose interface it is: it records the traffic where it leaves the source's or enters the destination's. NULL when that cannot be told. */
  readonly side: 'source' | 'destination' | null
  readonly action: 'ACCEPT' | 'REJECT'
  /** Why AWS rejected it where it says so: `BPA` or `EC`. */
  readonly reject_reason: string | null
  readonly records: number
  readonly packets: number
  readonly bytes: number
  /** TCP flags of all records, OR-ed; NULL where the flow log does not record them. */
  readonly tcp_flags: number | null
  /** True when no record had other flags than SYN. */
  readonly only_syn: boolean
  readonly first: string
  readonly last: string
}

/** What else the records say in the time asked for. */
export interface Surroundings {
  /** Flow log records in the lake in this time, and those that name each address. */
  readonly records: number
  readonly source_records: number
  readonly destination_records: number
  /** Windows in which AWS dropped records, at the interfaces of these two addresses where they are known, else at all. */
  readonly skipped_windows: number
  /** Time of the newest record in the lake; NULL when there is none. */
  readonly newest: string | null
}

/** Everything that a diagnosis rests on. */
export interface Observation {
  readonly seen: readonly Seen[]
  readonly surroundings: Surroundings
}
