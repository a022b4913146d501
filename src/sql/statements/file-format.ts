import {
  type Alteration,
  type Change,
  type Rename,
  printAlteration,
  printChange,
  readAlteration,
  readChangeOrName,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import { type FileFormat, printFileFormat, readFileFormat } from '../statement/file-format.ts'
import { csvOptions, flowLogOptions, jsonOptions, parquetOptions } from '../statement/file-format-options.ts'
import type { StatementKind } from '../statement/kind.ts'
import { printLiteral } from '../statement/literal.ts'
import { choice, text } from '../statement/option-values.ts'
import { type ValuesOf, optionTable } from '../statement/options.ts'

export interface CreateFileFormat extends Creation {
  readonly kind: 'create-file-format'
  readonly temporary: boolean
  readonly format: FileFormat
  readonly comment?: string
}

/** Which options a format can take depends on its type, which ALTER does not say and cannot change. */
export const alterable = optionTable({
  ...parquetOptions,
  ...jsonOptions,
  ...csvOptions,
  ...flowLogOptions,
  compression: choice(['AUTO', 'GZIP', 'BZ2', 'BROTLI', 'ZSTD', 'DEFLATE', 'RAW_DEFLATE', 'LZO', 'SNAPPY', 'NONE']),
  comment: text,
})

export interface AlterFileFormat extends Alteration<Change<ValuesOf<typeof alterable>> | Rename> {
  readonly kind: 'alter-file-format'
}

const refused = { TYPE: 'the type of a file format cannot change; make another with CREATE OR REPLACE FILE FORMAT' }

export const fileFormat: StatementKind<CreateFileFormat | AlterFileFormat> = {
  begins: {
    'CREATE FILE FORMAT': (reader, head) => {
      const creation = readCreation(reader, head, ['TEMPORARY'])
      let comment: string | undefined
      const format = readFileFormat(reader, {
        clauses: ['COMMENT'],
        clause: (inner) => {
          const token = inner.peek()
          if (!inner.takeWords('COMMENT')) return false
          if (comment !== undefined) throw inner.error(token, `${inner.subject} has COMMENT twice; give it once`)
          comment = text.read(inner, 'COMMENT', inner.takeSymbol('='))
          return true
        },
      })
      const temporary = head.modifiers.length > 0
      return {
        kind: 'create-file-format',
        ...creation,
        temporary,
        format,
        ...(comment === undefined ? {} : { comment }),
      }
    },
    'ALTER FILE FORMAT': (reader) => ({
      kind: 'alter-file-format',
      ...readAlteration(reader, (inner) => readChangeOrName(inner, alterable, [], { refused })),
    }),
  },
  print: {
    'create-file-format': (statement) =>
      printLines(printCreation('FILE FORMAT', statement, statement.temporary ? ['TEMPORARY'] : []), [
        ...printFileFormat(statement.format),
        ...(statement.comment === undefined ? [] : [`COMMENT = ${printLiteral(statement.comment)}`]),
      ]),
    'alter-file-format': (statement) =>
      printAlteration('FILE FORMAT', statement, (change) => printChange(alterable, change)),
  },
}
