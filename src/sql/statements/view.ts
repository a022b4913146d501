import { readList } from '../statement/columns.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { printLiteral } from '../statement/literal.ts'
import { type NamePart, printPart, readPart } from '../statement/name.ts'
import { boolean, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Body, Reader } from '../statement/reader.ts'

/** Snowflake's manual, CREATE VIEW. */
export const viewOptions = optionTable({ changeTracking: boolean, comment: text })

export interface ViewColumn {
  readonly name: NamePart
  readonly comment?: string
}

export interface CreateView extends Creation {
  readonly kind: 'create-view'
  readonly secure: boolean
  readonly temporary: boolean
  readonly recursive: boolean
  /** Names for the columns; the query's own when absent. */
  readonly columns?: readonly ViewColumn[]
  readonly copyGrants: boolean
  readonly options: Given<ValuesOf<typeof viewOptions>>
  /** The query behind AS. */
  readonly body: Body
}

function readViewColumn(reader: Reader): ViewColumn {
  const name = readPart(reader)
  return { name, ...(reader.takeWords('COMMENT') ? { comment: text.read(reader, 'COMMENT', true) } : {}) }
}

function printViewColumn({ name, comment }: ViewColumn): string {
  return comment === undefined ? printPart(name) : `${printPart(name)} COMMENT ${printLiteral(comment)}`
}

export const view: StatementKind<CreateView> = {
  begins: {
    'CREATE VIEW': (reader, head) => {
      const creation = readCreation(reader, head, ['SECURE', 'TEMPORARY', 'RECURSIVE'])
      const columns = reader.isSymbol('(') ? readList(reader, readViewColumn) : undefined
      let copyGrants = false
      const { values: options } = readOptions(reader, viewOptions, {
        isEnd: (inner) => inner.isWord('AS'),
        clauses: ['COPY GRANTS', 'AS'],
        clause: (inner) => {
          if (copyGrants || !inner.takeWords('COPY', 'GRANTS')) return false
          copyGrants = true
          return true
        },
      })
      reader.expectWords('AS')
      return {
        kind: 'create-view',
        ...creation,
        secure: head.modifiers.includes('SECURE'),
        temporary: head.modifiers.includes('TEMPORARY'),
        recursive: head.modifiers.includes('RECURSIVE'),
        ...(columns === undefined ? {} : { columns }),
        copyGrants,
        options,
        body: reader.rest('a query behind AS'),
      }
    },
  },
  print: {
    'create-view': (statement) => {
      const words = (['secure', 'temporary', 'recursive'] as const).filter((word) => statement[word])
      const head = printCreation(
        'VIEW',
        statement,
        words.map((word) => word.toUpperCase()),
      )
      const columns = statement.columns === undefined ? '' : ` (${statement.columns.map(printViewColumn).join(', ')})`
      const lines = [...(statement.copyGrants ? ['COPY GRANTS'] : []), ...printOptions(viewOptions, statement.options)]
      return `${printLines(`${head}${columns}`, lines)}\nAS ${statement.body.text}`
    },
  },
}
