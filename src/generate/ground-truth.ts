/** What was written, counted while it was written. */
export interface GroundTruth {
  files: FileTruth[]
  /** Records that can be read. */
  rows: number
  /** Lines that cannot be read. */
  rejects: number
  /** Header lines. */
  skipped: number
  totals: Totals
  incidents: Incident[]
}

/** One file: lines = rows + rejects + skipped. A Parquet file has no lines: there, lines = rows. */
export interface FileTruth {
  /** Path under the directory, with forward slashes. */
  path: string
  lines: number
  rows: number
  rejects: number
  skipped: number
  /** Size on disk. */
  bytes: number
}

export type Totals = FlowTotals | AccessTotals

/** Sums over the rows of flow logs, whether or not the chosen fields show them. */
export interface FlowTotals {
  type: 'vpc-flow-logs'
  accept: number
  reject: number
  nodata: number
  skipdata: number
  packets: number
  bytes: number
}

/** Sums over the rows of access logs. */
export interface AccessTotals {
  type: 's3-access-logs'
  /** Rows by operation. */
  operations: Record<string, number>
  bytesSent: number
  /** Rows without a requester. */
  anonymous: number
  /** Rows with status 400 or above. */
  errors: number
  /** Rows that are hard to read. */
  hard: number
}

/** Something that a detection should find. `from` is the first, `to` the last moment of its records, ISO 8601 in UTC. */
export type Incident = PortScan | SshBruteForce | Exfiltration | MassDeletion | AnonymousReads

/** One address outside tries many ports of one host; every record says REJECT. */
interface PortScan extends FlowIncident {
  kind: 'port-scan'
  /** Distinct destination ports. */
  ports: number
}

/** Many short connections to port 22, then one long accepted session. */
interface SshBruteForce extends FlowIncident {
  kind: 'ssh-brute-force'
  /** Failed connections before the session. */
  attempts: number
  sessionFrom: string
  sessionBytes: number
}

/** One host inside sends much to one address outside, at night. */
interface Exfiltration extends FlowIncident {
  kind: 'exfiltration'
  /** Bytes from srcaddr to dstaddr. */
  bytes: number
}

/** One requester deletes many objects within minutes. */
interface MassDeletion extends AccessIncident {
  kind: 'mass-deletion'
  requester: string
  /** Objects deleted, one by one and in batches. */
  keys: number
}

/** One address without credentials reads many objects. */
interface AnonymousReads extends AccessIncident {
  kind: 'anonymous-reads'
  /** Distinct objects read. */
  keys: number
  /** Bytes sent. */
  bytes: number
}

interface FlowIncident {
  from: string
  to: string
  account: string
  region: string
  /** Where the connections come from. */
  srcaddr: string
  dstaddr: string
  /** The interface that recorded it. */
  interfaceId: string
  /** Rows in either direction. */
  rows: number
}

interface AccessIncident {
  from: string
  to: string
  bucket: string
  remoteip: string
  rows: number
}
