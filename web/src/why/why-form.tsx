import { type ReactNode, useId, useState } from 'react'
import { useText } from '../app/choices.tsx'
import { useMinute } from '../app/data-version.ts'
import { RangePicker } from '../range/range-picker.tsx'
import type { TextKey } from '../text/en.ts'
import { faultsOf, isAsked, type WhyField, type WhyForm } from './question.ts'

interface FormProps {
  readonly initial: WhyForm
  readonly onAsk: (form: WhyForm) => void
}

const fields = [
  ['source', 'whySource', '10.0.1.5'],
  ['destination', 'whyDestination', '10.0.2.9'],
  ['port', 'whyPort', '5432'],
] as const satisfies (readonly [WhyField, TextKey, string])[]

/** Asks for the two ends, the port and the time; what is wrong is said at its field. */
export function QuestionForm({ initial, onAsk }: FormProps): ReactNode {
  const text = useText()
  const id = useId()
  const now = useMinute()
  const [form, setForm] = useState(initial)
  const [wasSent, setSent] = useState(isAsked(initial))
  const faults = wasSent ? faultsOf(form, now) : {}
  return (
    <form
      className="why-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setSent(true)
        const found = faultsOf(form, now)
        const first = fields.find(([name]) => found[name] !== undefined)
        if (first !== undefined) event.currentTarget.querySelector<HTMLElement>(`[name="${first[0]}"]`)?.focus()
        else if (found.range === undefined) onAsk(form)
      }}
    >
      {fields.map(([name, label, example]) => {
        const fault = faults[name]
        return (
          <div key={name} className={`field ${name}`}>
            <label>
              {text(label)}
              <input
                name={name}
                value={form[name]}
                placeholder={example}
                inputMode={name === 'port' ? 'numeric' : 'text'}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                required={name !== 'port'}
                aria-invalid={fault !== undefined}
                aria-describedby={`${id}-${name}`}
                onChange={(event) => {
                  setForm({ ...form, [name]: event.target.value })
                }}
              />
            </label>
            <p id={`${id}-${name}`} className="field-fault" role={fault === undefined ? undefined : 'alert'}>
              {fault !== undefined && text(fault)}
            </p>
          </div>
        )
      })}
      <div className="field time" role="group" aria-labelledby={`${id}-time`}>
        <span id={`${id}-time`} className="field-name">
          {text('timeRange')}
        </span>
        <RangePicker
          range={form.range}
          now={now}
          onChange={(range) => {
            const changed = { ...form, range }
            setForm(changed)
            if (wasSent && Object.keys(faultsOf(changed, now)).length === 0) onAsk(changed)
          }}
        />
        <p className="field-fault" role={faults.range === undefined ? undefined : 'alert'}>
          {faults.range !== undefined && text(faults.range)}
        </p>
      </div>
      <button type="submit" className="primary">
        {text('whyAsk')}
      </button>
    </form>
  )
}
