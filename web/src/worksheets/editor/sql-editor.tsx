import {
  acceptCompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Catalog } from './catalog.ts'
import { faultMark, markFault } from './fault-mark.ts'
import { sqlLanguage } from './language.ts'
import { type Statement, statementAt } from './statements.ts'
import { theme } from './theme.ts'
import { typingOver } from './typing-over.ts'

/** What the page does with an editor. */
export interface Editor {
  /** What shall run: the selection, or else the statement that the cursor is in. */
  readonly chosen: () => { readonly sql: string; readonly from: number } | undefined
  /** Puts another text in its place; undo brings the one before back. */
  readonly replace: (text: string) => void
  /** Marks a fault, or takes the mark away. */
  readonly mark: (fault: Statement | undefined) => void
  /** True where the text still holds what was run from a place on. */
  readonly holds: (sql: string, from: number) => boolean
}

interface SqlEditorProps {
  readonly initial: string
  readonly catalog: Catalog
  readonly label: string
  readonly hint: string
  readonly example: string
  readonly onChange: (text: string) => void
  readonly onRun: () => void
  readonly onEditor: (editor: Editor | undefined) => void
}

function chosenIn({ doc, selection }: EditorState): ReturnType<Editor['chosen']> {
  const { main } = selection
  const text = doc.toString()
  const found = main.empty ? statementAt(text, main.head) : { from: main.from, to: main.to }
  if (found === undefined) return undefined
  const sql = text.slice(found.from, found.to).replace(/;\s*$/, '')
  return sql.trim() === '' ? undefined : { sql, from: found.from }
}

function editorOf(view: EditorView): Editor {
  return {
    chosen: () => {
      closeCompletion(view)
      return chosenIn(view.state)
    },
    replace: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } })
      view.focus()
    },
    mark: (fault) => {
      markFault(view, fault)
    },
    holds: (sql, from) => view.state.sliceDoc(from, from + sql.length) === sql,
  }
}

function labelled({ label, hint, example }: Pick<SqlEditorProps, 'label' | 'hint' | 'example'>): Extension {
  return [
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': hint, spellcheck: 'false' }),
    placeholder(example),
  ]
}

/**
 * The SQL editor. It lives in a shadow root: there CodeMirror's styles are constructed sheets, which the page's
 * Content-Security-Policy admits; in the document itself they would be an inline style.
 */
export default function SqlEditor(props: SqlEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const parts = useRef({ language: new Compartment(), labels: new Compartment() })
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (host.current === null) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const run = (): boolean => {
      latest.current.onRun()
      return true
    }
    const { language, labels } = parts.current
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.initial,
        extensions: [
          lineNumbers(),
          highlightSpecialChars(),
          history(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          theme,
          typingOver,
          faultMark,
          language.of(sqlLanguage(latest.current.catalog)),
          labels.of(labelled(latest.current)),
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Ctrl-Enter', run },
            { key: 'Tab', run: acceptCompletion },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    latest.current.onEditor(editorOf(editor))
    return () => {
      latest.current.onEditor(undefined)
      editor.destroy()
    }
  }, [])

  const { catalog, label, hint, example } = props
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(sqlLanguage(catalog)) })
  }, [catalog])
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.labels.reconfigure(labelled({ label, hint, example })) })
  }, [label, hint, example])

  return <div ref={host} className="sql-editor" />
}
