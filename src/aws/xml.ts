import { SaxesParser } from 'saxes'

/** An element of an answer: its text, or what is within. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface Growing {
  readonly name: string
  text: string
  readonly children: Growing[]
}

/**
 * The root of a document. Entities other than XML's own five, and documents that declare some, are errors; attributes are not kept, since
 * AWS's answers have none that say anything. Throws an Error for what is not well-formed.
 */
export function parseXml(document: string): XmlElement {
  const parser = new SaxesParser({ position: false })
  const top: Growing = { name: '', text: '', children: [] }
  const open = [top]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('The document has a type declaration.')
  })
  parser.on('opentag', ({ name }) => {
    const element: Growing = { name, text: '', children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  const addText = (text: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(document).close()
  const [root] = top.children
  if (root === undefined) throw new Error('The document is empty.')
  return root
}

/** The first element of that name directly within. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

/** The text of the first element of that name directly within. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text
}
