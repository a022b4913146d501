import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { fullNumber, shownText, shownValue } from '../text/figures.ts'
import { type HistoryEntry, historyQuery } from './api.ts'
import { splitFile } from './history.ts'
import { RejectList } from './reject-list.tsx'
import { StatusWord } from './status-word.tsx'

interface FilePanelProps {
  readonly file: string
  readonly version: string | undefined
  readonly onClose: () => void
}

const known = 2000

/** What history says of a file, and the lines of it that were rejected. */
export function FilePanel({ file, version, onClose }: FilePanelProps): ReactNode {
  const { data = [] } = useQuery(historyQuery(undefined, known, version))
  return (
    <Dialog className="panel file-panel" title={<bdi>{shownText(splitFile(file).name)}</bdi>} onClose={onClose}>
      <div className="panel-body">
        <p className="path">
          <bdi>{shownText(file, 2000)}</bdi>
        </p>
        {data
          .filter((entry) => entry.file === file)
          .map((entry) => (
            <Facts key={`${entry.load_id} ${entry.version}`} entry={entry} />
          ))}
        <RejectList file={file} version={version} />
      </div>
    </Dialog>
  )
}

function Facts({ entry }: { readonly entry: HistoryEntry }): ReactNode {
  const text = useText()
  const { language, zone } = useChoices()
  const facts = [
    [text('loadedAt'), `${shownValue(entry.loaded_at, { language, zone })} ${text(zone)}`],
    [text('tableOf'), entry.table_name ?? '–'],
    [text('linesOf'), fullNumber(entry.lines, undefined, language)],
    [text('rowsOf'), fullNumber(entry.rows, undefined, language)],
    [text('rejectsOf'), fullNumber(entry.rejects, undefined, language)],
    [text('skippedOf'), fullNumber(entry.skipped, undefined, language)],
    [text('bytesOf'), fullNumber(entry.bytes, 'bytes', language)],
    [text('versionOf'), shownText(entry.version)],
  ] as const
  return (
    <div className="facts">
      <StatusWord status={entry.status} />
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {entry.error !== null && (
        <pre className="failure" lang="en">
          {shownText(entry.error, 10_000)}
        </pre>
      )}
      {entry.status === 'failed' && <p className="soft">{text('failedHint')}</p>}
      {entry.status === 'changed' && <p className="soft">{text('changedHint')}</p>}
    </div>
  )
}
