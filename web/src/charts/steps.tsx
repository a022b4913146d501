import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useText } from '../app/choices.tsx'

/** A value of a chart, in words. */
export interface Step {
  readonly name: string
  readonly value: string
  readonly pick?: (() => void) | undefined
}

interface StepsProps {
  readonly steps: readonly Step[]
  readonly label: string
}

const far = 10

/** The values of a drawn chart, one after the other by the arrow keys; shown while it has the focus, and read aloud. */
export function Steps({ steps, label }: StepsProps): ReactNode {
  const text = useText()
  const [at, setAt] = useState(0)
  const index = Math.min(at, steps.length - 1)
  const step = steps[index]
  if (step === undefined) return null
  const move = (event: KeyboardEvent): void => {
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: index + 1,
      ArrowDown: index + 1,
      ArrowLeft: index - 1,
      ArrowUp: index - 1,
      PageDown: index + far,
      PageUp: index - far,
      Home: 0,
      End: steps.length - 1,
    }
    const target = targets[event.key]
    if (target !== undefined) setAt(Math.max(0, Math.min(steps.length - 1, target)))
    else if (event.key === 'Enter' && step.pick !== undefined) step.pick()
    else return
    event.preventDefault()
  }
  return (
    <div
      className="steps"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={steps.length}
      aria-valuenow={index + 1}
      aria-valuetext={`${step.name}: ${step.value}`}
      onKeyDown={move}
    >
      <bdi className="step-name">{step.name}</bdi>
      <b>{step.value}</b>
      <span className="step-hint">{text(step.pick === undefined ? 'stepHint' : 'stepPickHint')}</span>
    </div>
  )
}
