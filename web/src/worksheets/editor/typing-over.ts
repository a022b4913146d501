import type { Extension, Transaction } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/**
 * Types over a selection by a change of the text. Chromium would keep the look of what it replaces in an inline style, which the
 * page's Content-Security-Policy refuses and reports. Input methods go their own way.
 */
export const typingOver: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event
    const { main } = view.state.selection
    if (inputType !== 'insertText' || data === null || isComposing || view.composing || main.empty) return false
    const insert = (): Transaction =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    // Brackets and quotes go around the selection: others are asked first, as the editor does.
    const handlers = view.state.facet(EditorView.inputHandler)
    if (!handlers.some((handle) => handle(view, main.from, main.to, data, insert))) view.dispatch(insert())
    event.preventDefault()
    return true
  },
})
