import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from '@codemirror/autocomplete'
import { SQLDialect } from '@codemirror/lang-sql'
import { LanguageSupport, syntaxTree } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Catalog } from './catalog.ts'
import { type Offer, offersAt } from './completions.ts'
import { keywords, types } from './keywords.ts'
import { statementAt } from './statements.ts'

const sql = SQLDialect.define({
  keywords: keywords.join(' '),
  types,
  doubleDollarQuotedStrings: true,
  operatorChars: '+-*/<>=~!@%^&|?:',
})

const kinds = {
  column: 'property',
  table: 'class',
  function: 'function',
  keyword: 'keyword',
  alias: 'variable',
} as const

/** Writes a function's name with its brackets, and goes between them. */
function applyFunction(view: EditorView, completion: Completion, from: number, to: number): void {
  const hasBrackets = view.state.sliceDoc(to, to + 1) === '('
  view.dispatch({
    changes: { from, to, insert: hasBrackets ? completion.label : `${completion.label}()` },
    selection: { anchor: from + completion.label.length + 1 },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
  })
}

function completionOf({ label, text, kind, detail, about, boost }: Offer): Completion {
  return {
    label,
    type: kinds[kind],
    boost,
    ...(detail === undefined ? {} : { detail }),
    ...(about === undefined || kind !== 'function' ? {} : { info: about }),
    apply: kind === 'function' ? applyFunction : (text ?? label),
  }
}

function sourceOf(catalog: Catalog): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const within = syntaxTree(context.state).resolveInner(context.pos, -1).name
    if (/Comment|String/.test(within)) return null
    const word = context.matchBefore(/[\w$]*/)
    const from = word?.from ?? context.pos
    const isBehindDot = context.state.sliceDoc(Math.max(0, from - 1), from) === '.'
    if (from === context.pos && !isBehindDot && !context.explicit) return null
    const text = context.state.doc.toString()
    const statement = statementAt(text, context.pos) ?? { from: 0, to: text.length }
    const offers = offersAt(
      text.slice(Math.min(statement.from, from), Math.max(statement.to, context.pos)),
      text.slice(Math.min(statement.from, from), from),
      catalog,
    )
    const isQuoted = context.state.sliceDoc(Math.max(0, from - 1), from) === '"'
    if (isQuoted || offers.length === 0) return null
    return { from, options: offers.map(completionOf), validFor: /^[\w$]*$/ }
  }
}

/** SQL in the editor: its colours, and completion from what there is in the lake. */
export function sqlLanguage(catalog: Catalog): Extension {
  return [
    new LanguageSupport(sql.language, [sql.language.data.of({ autocomplete: sourceOf(catalog) })]),
    // No more than are in sight: a list that scrolls could not be reached by keys of its own.
    autocompletion({ icons: false, maxRenderedOptions: 9 }),
  ]
}
