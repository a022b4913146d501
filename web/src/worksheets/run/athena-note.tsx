import type { ReactNode } from 'react'
import { useChoices, useText } from '../../app/choices.tsx'
import { fullNumber, shownMessage } from '../../text/figures.ts'
import type { Estimating } from './use-estimate.ts'
import type { Run } from './use-run.ts'

interface AthenaNoteProps {
  readonly run: Run | undefined
  readonly estimating: Estimating
}

/** What a statement would cost on Athena, or what it did cost. */
export function AthenaNote({ run, estimating: { isAsking, forecast, error } }: AthenaNoteProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const bytesOf = (bytes: number): string => fullNumber(bytes, 'bytes', language)
  const numberOf = (value: number): string => fullNumber(value, undefined, language)
  if (error !== undefined)
    return (
      <p className="athena-note bad" role="alert" lang="en">
        {shownMessage(error)}
      </p>
    )
  const words = ((): string | undefined => {
    if (isAsking) return text('estimating')
    if (forecast !== undefined)
      return text('estimated', {
        bytes: bytesOf(forecast.bytes),
        objects: numberOf(forecast.objects),
        cost: numberOf(forecast.cost),
        price: numberOf(forecast.price_per_tib),
      })
    const bill = run?.bill
    if (bill === undefined) return undefined
    return text('scanned', {
      bytes: bytesOf(bill.scanned_bytes),
      cost: numberOf(bill.cost),
      price: numberOf(bill.price_per_tib),
    })
  })()
  return words === undefined ? undefined : (
    <p className="athena-note" role="status">
      {words}
    </p>
  )
}
