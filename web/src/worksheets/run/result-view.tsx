import { type ReactNode, useId, useState } from 'react'
import type { ChartSettings } from '../../../../src/dashboard/shape.ts'
import { useChoices, useText } from '../../app/choices.tsx'
import { Icon } from '../../app/icon.tsx'
import { suggestChart } from '../../charts/columns.ts'
import { fullNumber, shownText } from '../../text/figures.ts'
import { download } from '../../tiles/download.ts'
import { ResultGrid } from '../grid/result-grid.tsx'
import { csvFile } from './export-csv.ts'
import type { Coming } from './read-result.ts'
import { mostDrawn, ResultChart } from './result-chart.tsx'
import type { Run } from './use-run.ts'

interface ResultViewProps {
  readonly run: Run
  readonly coming: Coming
  /** The chart that was made for the question, if it was. */
  readonly suggested: ChartSettings | undefined
  readonly title: string
  readonly fileName: string
  readonly onPin: (chart: ChartSettings) => void
}

/** Rows that have come, as a table or as a chart. */
export function ResultView({ run, coming, suggested, title, fileName, onPin }: ResultViewProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const group = useId()
  const [wanted, setWanted] = useState<'table' | 'chart'>('table')
  const [chosen, setChosen] = useState<{ readonly of: string; readonly settings: ChartSettings }>()
  const [isExporting, setExporting] = useState(false)
  const { columns, notices } = coming.head
  // What was chosen holds while the columns are the same: the statement is being worked on.
  const of = columns.map((column) => `${column.name} ${column.type}`).join('\n')
  const settings =
    chosen?.of === of ? chosen.settings : (suggested ?? suggestChart({ columns, rows: coming.rows.first(2) }))
  const isOver = run.state !== 'running'
  const view = isOver && run.count > 0 ? wanted : 'table'
  const rows = fullNumber(run.count, undefined, language)
  const notes = [
    ...(run.cut === undefined ? [] : [text(run.cut === 'rows' ? 'cutRows' : 'cutBytes', { rows })]),
    ...(view === 'chart' && run.count > mostDrawn
      ? [text('chartFirst', { rows: fullNumber(mostDrawn, undefined, language) })]
      : []),
    ...notices.map((notice) => shownText(notice, 300)),
  ]

  const save = async (): Promise<void> => {
    setExporting(true)
    try {
      download(await csvFile(coming), `${fileName}.csv`)
    } finally {
      setExporting(false)
    }
  }

  return (
    <section className="result" aria-label={text('resultLabel', { rows })}>
      <header className="result-head">
        <div className="segments" role="group" aria-label={text('resultShow')}>
          {(['table', 'chart'] as const).map((kind) => (
            <label key={kind}>
              <input
                type="radio"
                name={group}
                checked={wanted === kind}
                onChange={() => {
                  setWanted(kind)
                }}
              />
              <span>{text(kind)}</span>
            </label>
          ))}
        </div>
        <div className="result-notes">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
        <button
          type="button"
          className="button"
          disabled={!isOver || isExporting || run.count === 0}
          onClick={() => {
            void save()
          }}
        >
          {text(isExporting ? 'exporting' : 'downloadCsv')}
        </button>
        <button
          type="button"
          className="button"
          disabled={run.state !== 'done'}
          onClick={() => {
            onPin(view === 'table' && chosen?.of !== of ? { type: 'table' } : settings)
          }}
        >
          <Icon name="pin" />
          <span className="tool-text">{text('pin')}</span>
        </button>
      </header>
      {isOver && run.count === 0 && (
        <div className="tile-note">
          <strong>{text('resultNone')}</strong>
          <p>{text('resultNoneHint')}</p>
        </div>
      )}
      {run.count > 0 && view === 'table' && (
        <ResultGrid
          key={run.at}
          coming={coming}
          count={run.count}
          isComing={!isOver}
          label={text('resultLabel', { rows })}
        />
      )}
      {view === 'chart' && (
        <ResultChart
          coming={coming}
          settings={settings}
          title={title}
          onSettings={(next) => {
            setChosen({ of, settings: next })
          }}
        />
      )}
    </section>
  )
}
