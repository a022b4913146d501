import { type ReactNode, useState } from 'react'
import { useText } from './choices.tsx'
import { Dialog } from './dialog.tsx'

interface NameDialogProps {
  readonly title: string
  /** What the field is called. */
  readonly label: string
  readonly initial: string
  readonly action: string
  readonly onName: (title: string) => Promise<void> | void
  readonly onClose: () => void
}

/** Asks what something is called. */
export function NameDialog({ title, label, initial, action, onName, onClose }: NameDialogProps): ReactNode {
  const text = useText()
  const [name, setName] = useState(initial)
  const [failure, setFailure] = useState<string>()
  const submit = async (): Promise<void> => {
    try {
      await onName(name.trim())
      onClose()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog className="small" title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') void submit()
        }}
      >
        <label>
          {label}
          <input
            value={name}
            maxLength={200}
            autoFocus
            onChange={(event) => {
              setName(event.target.value)
            }}
          />
        </label>
        {failure !== undefined && <p role="alert">{text('saveFailed', { message: failure })}</p>}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            {text('cancel')}
          </button>
          <button type="submit" className="primary" disabled={name.trim() === ''}>
            {action}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
