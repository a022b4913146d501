import type { LineCounts } from './file-lines.ts';
import type { FlowField } from './flow-fields.ts';
import type { Incident, Totals } from './ground-truth.ts';
import type { LineBuffer } from './line-buffer.ts';

/** A planned set of files, each of which can be written independently of the others. */
export interface Sample {
  count: number;
  file(index: number): SampleFile;
  incidents: Incident[];
  /** Grows while the chunks of the files are read. */
  totals: Totals;
}

export interface SampleFile {
  /** Path under the directory, with forward slashes. */
  path: string;
  /** Of flow logs; empty for access logs. */
  fields: readonly FlowField[];
  chunks(out: LineBuffer, counts: LineCounts): Iterable<Buffer>;
}

/** How many bad lines go with a number of rows, given their share of both together. */
export function badLineCount(rows: number, share: number): number {
  return Math.round((rows * share) / (1 - share));
}
