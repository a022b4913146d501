import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Dashboard, Place, Tile as TileSettings } from '../../../src/dashboard/shape.ts'
import { dashboardQuery, dashboardsQuery, removeDashboard } from '../api/lake.ts'
import { type Address, firstDashboard, goTo, writeAddress } from '../app/address.ts'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { useMinute } from '../app/data-version.ts'
import { fileNameOf, freeName } from '../app/file-names.ts'
import { Icon } from '../app/icon.tsx'
import { Menu, type MenuItem } from '../app/menu.tsx'
import { NameDialog } from '../app/name-dialog.tsx'
import { lastThirtyDays, type Range, sqlTime } from '../range/range.ts'
import { RangePicker } from '../range/range-picker.tsx'
import { Tile } from '../tiles/tile.tsx'
import { type TileContent, TileEditor } from '../tiles/tile-editor.tsx'
import { EmptyLake } from './empty-lake.tsx'
import { Filters } from './filters.tsx'
import { Grid } from './grid.tsx'
import { roomFor, settle } from './layout.ts'
import { useDashboard } from './use-dashboard.ts'
import { useScope } from './use-scope.ts'

interface DashboardViewProps {
  readonly name: string
  readonly address: Address
  readonly version: string | undefined
  readonly isEmptyLake: boolean
  readonly startsEditing: boolean
  readonly onAddress: (change: Partial<Address>, replace?: boolean) => void
  readonly onCopy: (dashboard: Dashboard, title: string) => Promise<void>
}

const newTileSize = { w: 6, h: 7 }

/** One dashboard: its range and filters, and its tiles. */
export function DashboardView(props: DashboardViewProps): ReactNode {
  const { name, address, version, isEmptyLake, startsEditing, onAddress, onCopy } = props
  const text = useText()
  const { language } = useChoices()
  const client = useQueryClient()
  const { stored, error, saveError, change } = useDashboard(name)
  const [isEditing, setEditing] = useState(startsEditing)
  const [edited, setEdited] = useState<TileSettings | 'new'>()
  const [naming, setNaming] = useState<'rename' | 'copy'>()
  const now = useMinute()
  const dashboard = stored?.dashboard
  const range = address.range ?? dashboard?.range ?? lastThirtyDays
  const scope = useScope(range, address.filters, dashboard?.engine)

  if (error !== null)
    return (
      <main id="content" className="empty">
        <p role="alert">{error.message}</p>
      </main>
    )
  if (stored === undefined || dashboard === undefined) return <main id="content" className="board" aria-busy="true" />

  const title = textIn(dashboard.title, language)
  const setTiles = (edit: (tiles: readonly TileSettings[]) => TileSettings[]): void => {
    change((newest) => ({ ...newest, tiles: settle(edit(newest.tiles)) }))
  }
  const setRange = (chosen: Range): void => {
    onAddress({ range: chosen })
  }

  const addTile = (content: TileContent, { w, h }: Pick<Place, 'w' | 'h'>): void => {
    setTiles((tiles) => {
      const id = freeName(
        fileNameOf(textIn(content.title, 'en'), 'tile'),
        tiles.map((tile) => tile.id),
      )
      return [...tiles, { ...content, id, at: roomFor(tiles, w, h) }]
    })
  }

  const save = (content: TileContent): void => {
    if (edited === 'new') addTile(content, newTileSize)
    else if (edited !== undefined) {
      // A title in two languages stays so unless it was changed.
      const kept = content.title === textIn(edited.title, language) ? edited.title : content.title
      setTiles((tiles) =>
        tiles.map((tile) => (tile.id === edited.id ? { ...content, title: kept, id: tile.id, at: tile.at } : tile)),
      )
    }
    setEdited(undefined)
  }

  const actionsOf = (tile: TileSettings): MenuItem[] => [
    {
      text: text('editTile'),
      act: () => {
        setEdited(tile)
      },
    },
    {
      text: text('duplicateTile'),
      act: () => {
        const { id: _id, at, ...content } = tile
        addTile(content, at)
      },
    },
    {
      text: text('deleteTile'),
      isDangerous: true,
      act: () => {
        setTiles((tiles) => tiles.filter((other) => other.id !== tile.id))
      },
    },
  ]

  const remove = async (): Promise<void> => {
    const isCopy = stored.origin === 'changed'
    if (!globalThis.confirm(text(isCopy ? 'resetSure' : 'deleteSure', { title }))) return
    await removeDashboard(name)
    if (isCopy) await client.invalidateQueries({ queryKey: dashboardQuery(name).queryKey })
    else goTo(writeAddress({ dashboard: firstDashboard, range: undefined, filters: [] }))
    await client.invalidateQueries({ queryKey: dashboardsQuery.queryKey })
  }

  const actions: MenuItem[] = [
    {
      text: text('rename'),
      act: () => {
        setNaming('rename')
      },
    },
    {
      text: text('duplicateDashboard'),
      act: () => {
        setNaming('copy')
      },
    },
    ...(stored.origin === 'built-in'
      ? []
      : [
          {
            text: text(stored.origin === 'changed' ? 'resetDashboard' : 'deleteDashboard'),
            isDangerous: true,
            act: () => {
              void remove()
            },
          },
        ]),
  ]

  return (
    <main id="content" className="board" tabIndex={-1}>
      <div className="board-head">
        <div className="board-title">
          <h1>{title}</h1>
          {stored.origin === 'changed' && <span className="badge">{text('changedCopy')}</span>}
          {dashboard.description !== undefined && <p>{textIn(dashboard.description, language)}</p>}
        </div>
        <div className="board-tools">
          <Filters
            filters={address.filters}
            onChange={(filters) => {
              onAddress({ filters })
            }}
          />
          <RangePicker range={range} now={now} onChange={setRange} />
          <button
            type="button"
            className="button"
            aria-pressed={isEditing}
            onClick={() => {
              setEditing(!isEditing)
            }}
          >
            <Icon name={isEditing ? 'check' : 'edit'} />
            <span className="tool-text">{text(isEditing ? 'doneEditing' : 'edit')}</span>
          </button>
          <button
            type="button"
            className="primary plus"
            aria-label={text('addTile')}
            title={text('addTile')}
            onClick={() => {
              setEdited('new')
            }}
          >
            <Icon name="plus" />
          </button>
          <Menu label={text('dashboardMenu')} items={actions} className="button square">
            <Icon name="more" />
          </Menu>
        </div>
      </div>
      {saveError !== null && (
        <p className="notice bad" role="alert">
          {text('saveFailed', { message: saveError.message })}
        </p>
      )}
      {isEmptyLake && dashboard.engine !== 'athena' && <EmptyLake />}
      {dashboard.tiles.length === 0 && (
        <div className="empty">
          <h2>{text('emptyDashboard')}</h2>
          <p>{text('emptyDashboardHint')}</p>
        </div>
      )}
      <Grid tiles={dashboard.tiles} isEditing={isEditing} onChange={setTiles}>
        {(tile, handle) => (
          <Tile
            tile={tile}
            scope={scope}
            engine={dashboard.engine}
            version={version}
            handle={handle}
            actions={actionsOf(tile)}
            onRange={setRange}
            onBrush={(from, to) => {
              setRange({ from: sqlTime(from), to: sqlTime(to) })
            }}
            onFilter={(filter) => {
              onAddress({ filters: [...address.filters, filter] })
            }}
          />
        )}
      </Grid>
      {edited !== undefined && (
        <TileEditor
          tile={edited === 'new' ? undefined : edited}
          scope={scope}
          engine={dashboard.engine}
          onSave={save}
          onClose={() => {
            setEdited(undefined)
          }}
        />
      )}
      {naming !== undefined && (
        <NameDialog
          title={text(naming === 'rename' ? 'rename' : 'duplicateDashboard')}
          label={text('nameOfDashboard')}
          initial={title}
          action={text('save')}
          onName={(chosen) => {
            if (naming === 'copy') return onCopy(dashboard, chosen)
            change((newest) => ({ ...newest, title: chosen }))
          }}
          onClose={() => {
            setNaming(undefined)
          }}
        />
      )}
    </main>
  )
}
