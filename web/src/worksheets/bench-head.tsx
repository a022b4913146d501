import { type ReactNode, useState } from 'react'
import { useText } from '../app/choices.tsx'
import { DialectSelect } from '../app/dialect-select.tsx'
import { EngineSelect } from '../app/engine-select.tsx'
import { Icon } from '../app/icon.tsx'
import { Menu, type MenuItem } from '../app/menu.tsx'
import { NameDialog } from '../app/name-dialog.tsx'
import { shownMessage, shownText } from '../text/figures.ts'
import type { OpenWorksheet } from './use-worksheet.ts'

interface BenchHeadProps {
  readonly worksheet: OpenWorksheet
  readonly naming: 'save' | 'rename' | undefined
  readonly onNaming: (naming: 'save' | 'rename' | undefined) => void
  readonly onSave: () => void
  readonly saveError: string | undefined
  readonly onRevert: () => void
  readonly onBrowse: () => void
}

const savedAs = { lake: 'worksheetSaved', changed: 'changedCopy', 'built-in': 'worksheetsBuiltIn' } as const

/** What the worksheet is called, whether it is saved, and what is done with it. */
export function BenchHead(props: BenchHeadProps): ReactNode {
  const { worksheet, naming, onNaming, onSave, saveError, onRevert, onBrowse } = props
  const text = useText()
  const { opened, saved, origin, isChanged, change } = worksheet
  const [failure, setFailure] = useState<string>()
  const title = shownText(saved?.title ?? text('worksheetUntitled'), 200)

  const remove = async (): Promise<void> => {
    if (!globalThis.confirm(text(origin === 'changed' ? 'worksheetResetSure' : 'worksheetDeleteSure', { title })))
      return
    try {
      await worksheet.remove()
      setFailure(undefined)
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }

  const actions: MenuItem[] = [
    {
      text: text('worksheetSaveAs'),
      act: () => {
        onNaming('save')
      },
    },
    ...(isChanged ? [{ text: text('worksheetRevert'), act: onRevert }] : []),
    {
      text: text('rename'),
      act: () => {
        onNaming('rename')
      },
    },
    ...(origin === 'built-in'
      ? []
      : [
          {
            text: text(origin === 'changed' ? 'resetDashboard' : 'deleteDashboard'),
            isDangerous: true,
            act: () => {
              void remove()
            },
          },
        ]),
  ]
  const shown = saveError ?? failure

  return (
    <>
      <header className="bench-head">
        <button type="button" className="button square browse" aria-label={text('worksheetsBrowse')} onClick={onBrowse}>
          <Icon name="menu" />
        </button>
        <div className="bench-title">
          <h1 title={title}>
            <bdi>{title}</bdi>
          </h1>
          {(isChanged || saved !== undefined) && (
            <span className={isChanged ? 'badge unsaved' : 'badge'}>
              {text(isChanged ? 'worksheetUnsaved' : savedAs[origin ?? 'lake'])}
            </span>
          )}
        </div>
        <div className="bench-tools">
          {opened !== undefined && (
            <EngineSelect
              value={opened.draft.engine ?? 'lake'}
              onChange={(engine) => {
                change({ engine })
              }}
            />
          )}
          {opened !== undefined && (
            <DialectSelect
              value={opened.draft.dialect}
              onChange={(dialect) => {
                change({ dialect })
              }}
            />
          )}
          <button type="button" className="button" disabled={!isChanged} title="Ctrl+S" onClick={onSave}>
            {text('worksheetSave')}
          </button>
          {saved !== undefined && (
            <Menu label={text('worksheetMenu')} items={actions} className="button square">
              <Icon name="more" />
            </Menu>
          )}
        </div>
      </header>
      {shown !== undefined && (
        <p className="notice bad" role="alert">
          {text('saveFailed', { message: shownMessage(shown) })}
        </p>
      )}
      {naming !== undefined && (
        <NameDialog
          title={text(naming === 'rename' ? 'rename' : 'worksheetSave')}
          label={text('worksheetName')}
          initial={naming === 'rename' ? (saved?.title ?? '') : ''}
          action={text('save')}
          onName={(name) => (naming === 'rename' ? worksheet.rename(name) : worksheet.saveAs(name))}
          onClose={() => {
            onNaming(undefined)
          }}
        />
      )}
    </>
  )
}
