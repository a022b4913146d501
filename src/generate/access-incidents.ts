import { blankAccessRecord, requestId, type AccessRecord } from './access-records.ts'
import type { Bucket } from './buckets.ts'
import type { Incident } from './ground-truth.ts'
import { chooseTime, isoTime, scaled, type IncidentPlan, type PlannedIncident } from './incidents.ts'
import { attackerAddress } from './outside.ts'
import { itemAt, type Random } from './random.ts'
import { startRequest, target } from './request-parts.ts'
import type { Requester } from './requesters.ts'

/** Plans the mass deletion and the anonymous reads, as far as their rows fit. */
export function planAccessIncidents(buckets: readonly Bucket[], plan: IncidentPlan): PlannedIncident<AccessRecord>[] {
  const lastPrivate = buckets.findLastIndex((bucket) => !bucket.isPublic)
  const kinds = [
    { planKind: planMassDeletion, source: 0 },
    { planKind: planAnonymousReads, source: lastPrivate },
  ]
  const planned: PlannedIncident<AccessRecord>[] = []
  let budget = plan.budget
  for (const { planKind, source } of kinds) {
    const records: AccessRecord[] = []
    const incident = planKind(itemAt(buckets, source), plan, records)
    if (records.length > budget) continue
    budget -= records.length
    planned.push({ incident, source, records })
  }
  return planned
}

function planMassDeletion(bucket: Bucket, plan: IncidentPlan, records: AccessRecord[]): Incident {
  const { random } = plan
  const requester = intruder(random, `arn:aws:iam::${bucket.account}:user/contractor-${random.hex(6)}`)
  const keys = bucket.keys.items.slice(0, scaled(plan.rows / 40, 200, 900))
  const batched = Math.floor(keys.length * 0.6)
  const batchSize = Math.ceil(batched / 3)
  const time = chooseTime(plan, { seconds: 480, share: 0.7 })
  let outer = blankAccessRecord(bucket, time.from)
  keys.forEach((key, index) => {
    const moment = time.from + Math.floor((index * time.seconds) / keys.length)
    if (index < batched && index % batchSize === 0) {
      outer = requestRecord(bucket, requester, moment, random)
      outer.operation = 'REST.POST.MULTI_OBJECT_DELETE'
      target(outer, requester, 'POST', '', 'delete')
      succeed(outer, 200, 20_000 + random.below(9000), random)
      records.push(outer)
    }
    if (index < batched) {
      const done = { requestUri: '', referrer: '', userAgent: '', bytesSent: -1, totalTime: -1, turnAroundTime: -1 }
      records.push({
        ...outer,
        ...done,
        operation: 'BATCH.DELETE.OBJECT',
        key: key.logged,
        status: 204,
        objectSize: key.size,
      })
      return
    }
    const record = requestRecord(bucket, requester, moment, random)
    record.operation = 'REST.DELETE.OBJECT'
    record.key = key.logged
    target(record, requester, 'DELETE', key.uri, '')
    succeed(record, 204, -1, random)
    records.push(record)
  })
  return { kind: 'mass-deletion', ...facts(bucket, requester, records), requester: requester.name, keys: keys.length }
}

function planAnonymousReads(bucket: Bucket, plan: IncidentPlan, records: AccessRecord[]): Incident {
  const { random } = plan
  const requester = { ...intruder(random, '-'), signature: '-', userAgent: 'python-requests/2.32.3' }
  const keys = bucket.keys.items.slice(0, scaled(plan.rows / 50, 100, 900))
  const time = chooseTime(plan, { seconds: 1800, share: 0.4 })
  let bytes = 0
  keys.forEach((key, index) => {
    const record = requestRecord(
      bucket,
      requester,
      time.from + Math.floor((index * time.seconds) / keys.length),
      random,
    )
    record.operation = 'REST.GET.OBJECT'
    record.key = key.logged
    record.objectSize = key.size
    target(record, requester, 'GET', key.uri, '')
    succeed(record, 200, key.size, random)
    bytes += key.size
    records.push(record)
  })
  return { kind: 'anonymous-reads', ...facts(bucket, requester, records), keys: keys.length, bytes }
}

function intruder(random: Random, name: string): Requester {
  return {
    name,
    remoteIp: attackerAddress(random),
    userAgent: 'aws-cli/2.9.0 Python/3.9.11 Linux/5.15.0-kali3-amd64 exe/x86_64.kali.2022 prompt/off command/s3.rm',
    isBrowser: false,
    isPathStyle: false,
    usesAccessPoint: false,
    signature: 'SigV4',
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    sourceRegion: '-',
  }
}

function requestRecord(bucket: Bucket, requester: Requester, time: number, random: Random): AccessRecord {
  const record = blankAccessRecord(bucket, time)
  startRequest(record, requester, random)
  record.requestId = requestId(random)
  return record
}

function succeed(record: AccessRecord, status: number, bytesSent: number, random: Random): void {
  record.status = status
  record.bytesSent = bytesSent
  record.totalTime = 10 + random.below(80)
  record.turnAroundTime = Math.min(record.totalTime, 8 + random.below(40))
}

function facts(bucket: Bucket, requester: Requester, records: readonly AccessRecord[]) {
  const times = records.map((record) => record.time)
  return {
    from: isoTime(Math.min(...times)),
    to: isoTime(Math.max(...times)),
    bucket: bucket.name,
    remoteip: requester.remoteIp,
    rows: records.length,
  }
}
