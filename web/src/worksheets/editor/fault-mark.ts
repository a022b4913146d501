import { type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'
import type { Statement } from './statements.ts'

const setFault = StateEffect.define<Statement | undefined>()

const line = Decoration.mark({ class: 'cm-fault' })

/** Holds the mark until the text is changed: then the fault may be mended. */
export const faultMark: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFault)) continue
      const { value } = effect
      return value === undefined ? Decoration.none : Decoration.set([line.range(value.from, value.to)])
    }
    return transaction.docChanged ? Decoration.none : marks
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** Marks a fault in the text and shows it, or takes the mark away. */
export function markFault(view: EditorView, fault: Statement | undefined): void {
  const length = view.state.doc.length
  const isWithin = fault !== undefined && fault.from < fault.to && fault.to <= length
  view.dispatch({
    effects: [
      setFault.of(isWithin ? fault : undefined),
      ...(isWithin ? [EditorView.scrollIntoView(fault.from, { y: 'center' })] : []),
    ],
  })
}
