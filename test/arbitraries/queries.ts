import * as fc from 'fast-check'
import { concat, type Piece, pieces, spell } from './spelled.ts'

const secretNames = `
x-amz-signature x-amz-security-token signature awsaccesskeyid token access_token id_token refresh_token client_secret
sig x-goog-signature password secret api_key apikey`
  .trim()
  .split(/\s+/)

const plainNames = ['prefix', 'X-Amz-Date', 'token2', 'mysig', 'x', 'sigs', 'X-Amz-Credential', 'pass']

/** A query string; its `text` has the values of secret parameters redacted. */
export function query(dirty: boolean): fc.Arbitrary<Piece> {
  const value = pieces({ dirty, without: '&\\' }, 0)
  const plain = fc.tuple(fc.constantFrom(...plainNames), value).map(([name, text]) => concat([spell(`${name}=`), text]))
  const secret = fc.tuple(fc.constantFrom(...secretNames), fc.boolean(), value).map(([lower, isUpper, text]) => {
    const name = spell(`${isUpper ? lower.toUpperCase() : lower}=`)
    const shown = text.bytes === '' ? '' : 'REDACTED'
    return { bytes: name.bytes + text.bytes, text: name.text + shown }
  })
  return fc
    .array(fc.oneof(plain, secret), { minLength: 1, maxLength: 4 })
    .map((parameters) => concat(parameters.flatMap((parameter, index) => [spell(index === 0 ? '?' : '&'), parameter])))
}
