/** The words of a flow-log line, without the timestamp that CloudWatch Logs puts before exported lines. */
export function flowLogWords(line: string): readonly string[] {
  const words = line.trimEnd().split(' ')
  const hasTimestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.test(words[0] ?? '')
  return hasTimestamp ? words.slice(1) : words
}

/** Whether the words are a header: all look like field names, and at least half are known. */
export function isFieldHeader(words: readonly string[], known: ReadonlySet<string>): boolean {
  const knownCount = words.filter((word) => known.has(columnName(word))).length
  return words.every((word) => /^[a-z][a-z0-9_-]*$/.test(word)) && knownCount > 0 && knownCount * 2 >= words.length
}

/** Whether only Transit Gateway records have this field or column. */
export function isTransitGatewayField(name: string): boolean {
  return /^(tgw_|packets_lost_|resource_type$)/.test(columnName(name))
}

/** The column name of a field, however a file spells it. */
export function columnName(field: string): string {
  return field.toLowerCase().replaceAll('-', '_')
}
