// The objects of the history benchmark, by number; `uriSql` and `versionSql` say the same of a column `n`.

const stem = '/srv/logs/AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10'
const file = '111122223333_vpcflowlogs_us-east-1_fl-0a1b2c3d4e5f60718'

export const uriSql = `printf('${stem}/%02d/${file}_202610%02dT%02d00Z_%08x.log.gz', n % 31 + 1, n % 31 + 1, n % 24, n)`
export const versionSql = `printf('%d-1793088000000', 40000 + n)`

/** An object as a stage lists it. */
export function objectNumbered(n) {
  const day = String((n % 31) + 1).padStart(2, '0')
  const hour = String(n % 24).padStart(2, '0')
  const id = n.toString(16).padStart(8, '0')
  return {
    uri: `${stem}/${day}/${file}_202610${day}T${hour}00Z_${id}.log.gz`,
    version: `${40_000 + n}-1793088000000`,
    size: 40_000 + n,
    modifiedMs: 1_793_088_000_000,
    accountId: '111122223333',
    region: 'us-east-1',
    dateMs: 1_793_088_000_000,
  }
}

/** The numbers of known objects, spread over all. */
export function knownNumbers(objects, known) {
  return Array.from({ length: known }, (_, index) => Math.floor(index * (objects / known)))
}
