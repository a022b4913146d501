/** A part of a syntax tree. What is an expression or a query is an object of one key, its kind. */
export type Node = Readonly<Record<string, unknown>>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** What stands in a node of a kind; undefined where it is of another. */
export function contentOf(value: unknown, kind: string): Node | undefined {
  const content = isNode(value) ? value[kind] : undefined
  return isNode(content) ? content : undefined
}

/** The kind of a node and what stands in it; undefined for what is no node. */
export function kindOf(value: unknown): readonly [kind: string, content: Node] | undefined {
  if (!isNode(value)) return undefined
  const [[kind, content] = ['', undefined], ...more] = Object.entries(value)
  return more.length === 0 && isNode(content) ? [kind, content] : undefined
}

/** Whether an expression is `table(…)`. */
export function isTableCall(value: unknown): boolean {
  return String(contentOf(value, 'function')?.['name']).toLowerCase() === 'table'
}

/** A node without the brackets around it. */
export function withoutBrackets(value: unknown): unknown {
  const paren = contentOf(value, 'paren')
  return paren === undefined ? value : withoutBrackets(paren['this'])
}

/** A part of a name, as it was written. */
export interface WrittenPart {
  readonly text: string
  readonly quoted: boolean
}

export function partWritten(value: unknown): WrittenPart | undefined {
  return isNode(value) ? { text: String(value['name']), quoted: value['quoted'] === true } : undefined
}

/** A name as the engine compares it. */
export function lowerName(value: unknown): string | undefined {
  return partWritten(value)?.text.toLowerCase()
}

/** Every part of an object passed through a function. */
export function mapped(value: Node, change: (part: unknown, key: string) => unknown): Node {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part, key)]))
}
