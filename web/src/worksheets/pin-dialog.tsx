import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Dashboard } from '../../../src/dashboard/shape.ts'
import { dashboardQuery, dashboardsQuery, writeDashboard } from '../api/lake.ts'
import { writeAddress } from '../app/address.ts'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { fileNameOf, freeName } from '../app/file-names.ts'
import { Link } from '../app/link.tsx'
import { shownMessage, shownText } from '../text/figures.ts'
import type { TileContent } from '../tiles/tile-editor.tsx'
import { withTileBelow } from './pin.ts'

interface PinDialogProps {
  readonly content: Omit<TileContent, 'title'>
  readonly title: string
  readonly onClose: () => void
}

/** Where the tile went. */
interface Pinned {
  readonly file: string
  readonly dashboard: string
}

/** Puts what was asked on a dashboard, as a tile at its bottom. */
export function PinDialog({ content, title: initial, onClose }: PinDialogProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const client = useQueryClient()
  const { data: entries = [] } = useQuery(dashboardsQuery)
  const readable = entries.filter((entry) => entry.fault === undefined)
  const [title, setTitle] = useState(initial)
  const [chosen, setChosen] = useState<string>()
  const [newName, setNewName] = useState('')
  const [failure, setFailure] = useState<string>()
  const [isSaving, setSaving] = useState(false)
  const [pinned, setPinned] = useState<Pinned>()
  const target = chosen ?? readable.find((entry) => entry.origin === 'lake')?.name ?? readable[0]?.name ?? ''
  const isNew = target === ''

  const pin = async (): Promise<void> => {
    setSaving(true)
    setFailure(undefined)
    try {
      const names = entries.map((entry) => entry.name)
      const file = isNew ? freeName(fileNameOf(newName, 'dashboard'), names) : target
      const before: Dashboard = isNew
        ? { title: newName.trim(), tiles: [] }
        : (await client.fetchQuery({ ...dashboardQuery(file), staleTime: 0 })).dashboard
      const written = await writeDashboard(file, withTileBelow(before, { ...content, title: title.trim() }))
      client.setQueryData(dashboardQuery(file).queryKey, written)
      await client.invalidateQueries({ queryKey: dashboardsQuery.queryKey })
      setPinned({ file, dashboard: textIn(written.dashboard.title, language) })
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setSaving(false)
    }
  }

  if (pinned !== undefined)
    return (
      <Dialog className="small" title={text('pin')} onClose={onClose}>
        <div className="pinned">
          <p role="status">
            {text('pinDone', { tile: shownText(title.trim(), 80), dashboard: shownText(pinned.dashboard, 80) })}
          </p>
          <footer>
            <button type="button" className="button" onClick={onClose}>
              {text('close')}
            </button>
            <Link className="primary" to={writeAddress({ dashboard: pinned.file, range: undefined, filters: [] })}>
              {text('pinOpen')}
            </Link>
          </footer>
        </div>
      </Dialog>
    )

  return (
    <Dialog className="small" title={text('pin')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void pin()
        }}
      >
        <label>
          {text('tileTitle')}
          <input
            value={title}
            maxLength={200}
            required
            autoFocus
            onChange={(event) => {
              setTitle(event.target.value)
            }}
          />
        </label>
        <label>
          {text('pinTo')}
          <select
            value={target}
            onChange={(event) => {
              setChosen(event.target.value)
            }}
          >
            {readable.map((entry) => (
              <option key={entry.name} value={entry.name}>
                {shownText(textIn(entry.title, language), 80)}
              </option>
            ))}
            <option value="">{text('pinNew')}</option>
          </select>
        </label>
        {isNew && (
          <label>
            {text('pinNewName')}
            <input
              value={newName}
              maxLength={200}
              required
              onChange={(event) => {
                setNewName(event.target.value)
              }}
            />
          </label>
        )}
        <p className="soft">{text('pinHint')}</p>
        {failure !== undefined && <p role="alert">{text('saveFailed', { message: shownMessage(failure) })}</p>}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            {text('cancel')}
          </button>
          <button
            type="submit"
            className="primary"
            disabled={isSaving || title.trim() === '' || (isNew && newName.trim() === '')}
          >
            {text('pinSave')}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
