import type { StatementKind } from '../statement/kind.ts'
import { isStageLocation } from '../statement/stage-location.ts'
import { type CopyIntoStage, printCopyIntoStage, readCopyIntoStage } from './copy-into-stage.ts'
import { type CopyIntoTable, printCopyIntoTable, readCopyIntoTable } from './copy-into-table.ts'

/** COPY INTO either way: into a stage where one is named, else into a table. */
export const copyInto: StatementKind<CopyIntoStage | CopyIntoTable> = {
  begins: {
    'COPY INTO': (reader) => (isStageLocation(reader) ? readCopyIntoStage(reader) : readCopyIntoTable(reader)),
  },
  print: { 'copy-into-stage': printCopyIntoStage, 'copy-into-table': printCopyIntoTable },
}
