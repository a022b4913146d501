const names = [
  'x-amz-signature',
  'x-amz-security-token',
  'signature',
  'awsaccesskeyid',
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'client_secret',
  'sig',
  'x-goog-signature',
  'password',
  'secret',
  'api_key',
  'apikey',
]

const nameAndValue = new RegExp(`(?<=^|[?&;# "=])((?:${names.join('|')})=)[^& "]+`, 'gi')

/** The text with the values of secret query parameters taken out. Works on byte strings and on text. */
export function redactSecrets(text: string): string {
  return text.includes('=') ? text.replace(nameAndValue, '$1REDACTED') : text
}
