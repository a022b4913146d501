import type { ReactNode } from 'react'
import { LongText } from '../pipes/long-text.tsx'

interface FactsProps {
  readonly title: string
  /** Names and texts of any length; without a text there is nothing to tell. */
  readonly named: readonly (readonly [name: string, value: string | null])[]
  /** Names and short texts. */
  readonly plain: readonly (readonly [name: string, value: string])[]
  /** What else there is to tell, first and last. */
  readonly before?: ReactNode
  readonly children?: ReactNode
}

/** What is known of something beside what its lane shows. */
export function Facts({ title, named, plain, before, children }: FactsProps): ReactNode {
  return (
    <section className="pipe-part" aria-label={title}>
      <h3>{title}</h3>
      <dl className="pipe-facts">
        {before}
        {named.map(([name, value]) =>
          value === null ? undefined : (
            <div key={name} className="wide">
              <dt>{name}</dt>
              <dd>
                <LongText whole={value} />
              </dd>
            </div>
          ),
        )}
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  )
}
