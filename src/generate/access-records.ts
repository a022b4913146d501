import type { Bucket } from './buckets.ts';
import type { LineBuffer } from './line-buffer.ts';
import type { Random } from './random.ts';
import { timeParts } from './paths.ts';

/** One access log record. The writers reuse a single one, so copy it to keep it. Text fields hold `-` for nothing. */
export interface AccessRecord {
  bucket: Bucket;
  /** Epoch seconds. */
  time: number;
  remoteIp: string;
  requester: string;
  requestId: string;
  operation: string;
  key: string;
  /** Without the quotes around it; empty gives a bare `-`. So do the referrer and the user agent. */
  requestUri: string;
  /** 0 for nothing. */
  status: number;
  errorCode: string;
  /** Bytes; below zero for nothing. The next three, too. */
  bytesSent: number;
  objectSize: number;
  /** Milliseconds. */
  totalTime: number;
  /** Milliseconds. */
  turnAroundTime: number;
  referrer: string;
  userAgent: string;
  versionId: string;
  signature: string;
  cipherSuite: string;
  authType: string;
  endpoint: string;
  tlsVersion: string;
  accessPointArn: string;
  aclRequired: string;
  sourceRegion: string;
  /** How many fields the line has, 18 to 27: old records end early. */
  fields: number;
  /** Further fields, each with a space before it. */
  extra: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function blankAccessRecord(bucket: Bucket, time: number): AccessRecord {
  return {
    bucket,
    time,
    remoteIp: '-',
    requester: '-',
    requestId: '-',
    operation: '-',
    key: '-',
    requestUri: '',
    status: 0,
    errorCode: '-',
    bytesSent: -1,
    objectSize: -1,
    totalTime: -1,
    turnAroundTime: -1,
    referrer: '',
    userAgent: '',
    versionId: '-',
    signature: '-',
    cipherSuite: '-',
    authType: '-',
    endpoint: '-',
    tlsVersion: '-',
    accessPointArn: '-',
    aclRequired: '-',
    sourceRegion: '-',
    fields: 27,
    extra: '',
  };
}

/** A request id: 16 characters. */
export function requestId(random: Random): string {
  return random.chars('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 16);
}

/** Returns a function that writes a record as one line, with a random host id. */
export function accessLineWriter(out: LineBuffer, random: Random): (record: AccessRecord) => void {
  let clockSecond = -1;
  let clockText = '';
  return (record) => {
    if (record.time !== clockSecond) {
      clockSecond = record.time;
      clockText = logTime(clockSecond);
    }
    out.startLine();
    out.text(record.bucket.owner);
    field(record.bucket.name);
    out.text(clockText);
    out.text(record.remoteIp);
    field(record.requester);
    field(record.requestId);
    field(record.operation);
    field(record.key);
    quotedField(record.requestUri);
    integerField(record.status === 0 ? -1 : record.status);
    field(record.errorCode);
    integerField(record.bytesSent);
    integerField(record.objectSize);
    integerField(record.totalTime);
    integerField(record.turnAroundTime);
    quotedField(record.referrer);
    quotedField(record.userAgent);
    field(record.versionId);
    writeTail(record);
    if (record.extra !== '') out.text(record.extra);
    out.endLine();
  };

  function writeTail(record: AccessRecord): void {
    const count = record.fields;
    if (count < 19) return;
    out.byte(32);
    out.base64(random, 75);
    out.byte(61);
    if (count > 19) field(record.signature);
    if (count > 20) field(record.cipherSuite);
    if (count > 21) field(record.authType);
    if (count > 22) field(record.endpoint);
    if (count > 23) field(record.tlsVersion);
    if (count > 24) field(record.accessPointArn);
    if (count > 25) field(record.aclRequired);
    if (count > 26) field(record.sourceRegion);
  }

  function field(value: string): void {
    out.byte(32);
    out.text(value);
  }

  function quotedField(value: string): void {
    out.byte(32);
    if (value === '') {
      out.byte(45);
      return;
    }
    out.byte(34);
    out.text(value);
    out.byte(34);
  }

  function integerField(value: number): void {
    out.byte(32);
    if (value < 0) out.byte(45);
    else out.int(value);
  }
}

function logTime(time: number): string {
  const { year, month, day, hour, minute, second } = timeParts(time);
  return ` [${day}/${months[Number(month) - 1] ?? 'Jan'}/${year}:${hour}:${minute}:${second} +0000] `;
}
