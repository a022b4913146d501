import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber } from '../text/figures.ts'
import { replay } from './api.ts'
import { replayText } from './history.ts'

/** Reads the rejects of a file again, or of all files, and says what came of it. */
export function ReplayForm({ file }: { readonly file: string | undefined }): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const client = useQueryClient()
  const [format, setFormat] = useState('')
  const id = useId()
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => replay({ file, format: format.trim() === '' ? undefined : format.trim() }),
    onSuccess: () =>
      Promise.all(['history', 'rejects', 'version'].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  })
  const count = (value: number): string => fullNumber(value, undefined, language)
  return (
    <form
      className="replay"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isPending) mutate()
      }}
    >
      <p className="soft">{text(file === undefined ? 'replayAllHint' : 'replayHint')}</p>
      <div className="replay-fields">
        <label>
          {text('replayFormat')}
          <input
            value={format}
            placeholder={text('replayFormatHint')}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={error !== null}
            aria-describedby={`${id}-error`}
            onChange={(event) => {
              setFormat(event.target.value)
            }}
          />
        </label>
        <button type="submit" className="primary" aria-busy={isPending}>
          {text('replay')}
        </button>
      </div>
      <p id={`${id}-error`} role="alert" className="outcome">
        {error?.message}
      </p>
      <p role="status" className="outcome">
        {isPending && text('replaying')}
        {!isPending &&
          data !== undefined &&
          text(replayText(data), {
            replayed: count(data.replayed),
            rows: count(data.rows),
            rejects: count(data.rejects),
          })}
      </p>
    </form>
  )
}
