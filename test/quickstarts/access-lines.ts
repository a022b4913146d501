/** A line of S3's server access logs, as it is published, with quotes and escapes that a client chose; told apart by its request id. */
export function accessLine(number: number): string {
  const owner = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
  const second = String(number % 60).padStart(2, '0')
  const agent = ['S3Console/0.4', 'curl/8 "quoted"', 'back\\slash', 'Grüße'][number % 4] ?? ''
  const id = number.toString(16).toUpperCase().padStart(16, '0')
  return `${owner} amzn-s3-demo-bucket1 [06/Feb/2026:00:00:${second} +0000] 192.0.2.${number % 250} - ${id} REST.GET.OBJECT a,b/${number} "GET /a,b/${number}?x HTTP/1.1" 200 - ${number} 113 7 6 "-" "${agent}" - host= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSv1.2 - -`
}

/** What the published parser reads from a line: its 24 fields as it cleans them, or nothing where its pattern does not fit. */
export function publishedRow(line: string): readonly (string | null)[] | undefined {
  const pattern =
    /([^ ]*) ([^ ]*) \[(.*?)\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) (-|[0-9]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) ([^ ]*)(?: ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*))?.*$/
  const found = pattern.exec(line)
  // A group that took part in nothing is undefined here, and empty there.
  return found?.slice(1).map((field: string | undefined) => {
    const clean = (field ?? '').replace(/^[ "]+|[ "]+$/g, '')
    return clean === '-' ? null : clean
  })
}
