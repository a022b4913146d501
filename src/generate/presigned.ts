import { timeParts } from './paths.ts'
import type { Random } from './random.ts'

/** The query string of a presigned URL. Its keys and signatures are random; a reader must redact them all the same. */
export function signedQuery(signature: string, region: string, time: number, random: Random): string {
  if (signature === 'SigV2') {
    return `AWSAccessKeyId=AKIA${keyChars(random)}&Expires=${time + 3600}&Signature=${random.chars(base64, 27)}%3D`
  }
  const { year, month, day, hour, minute, second } = timeParts(time)
  const date = `${year}${month}${day}`
  const isTemporary = random.chance(0.5)
  const credential = `${isTemporary ? 'ASIA' : 'AKIA'}${keyChars(random)}%2F${date}%2F${region}%2Fs3%2Faws4_request`
  const token = isTemporary ? `&X-Amz-Security-Token=IQoJb3JpZ2luX2Vj${random.chars(base64, 200)}%3D%3D` : ''
  return (
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${date}T${hour}${minute}${second}Z` +
    `&X-Amz-Expires=3600${token}&X-Amz-SignedHeaders=host&X-Amz-Signature=${random.hex(64)}`
  )
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function keyChars(random: Random): string {
  return `EXAMPLE${random.chars('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 9)}`
}
