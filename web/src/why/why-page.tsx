import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { goTo, useParameters } from '../app/address.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { whyQuery } from './api.ts'
import { faultsOf, isAsked, readWhy, whySearch } from './question.ts'
import { Refusals } from './refusals.tsx'
import { Answer } from './why-answer.tsx'
import { QuestionForm } from './why-form.tsx'

interface WhyPageProps {
  readonly version: string | undefined
  readonly isEmptyLake: boolean
}

/** Why traffic from one address does or does not reach another. The question is in the address of the page. */
export function WhyPage({ version, isEmptyLake }: WhyPageProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const form = readWhy(useParameters())
  const search = whySearch(form)
  const canAsk = isAsked(form) && Object.keys(faultsOf(form, Date.now())).length === 0
  const { data, error, isFetching } = useQuery({ ...whyQuery(search, language, version), enabled: canAsk })
  return (
    <main id="content" className="board why" tabIndex={-1}>
      <div className="board-head">
        <div className="board-title">
          <h1>{text('whyTitle')}</h1>
          <p>{text('whyLede')}</p>
        </div>
      </div>
      <QuestionForm
        key={search}
        initial={form}
        onAsk={(asked) => {
          goTo(`/why?${whySearch(asked)}`)
        }}
      />
      {isEmptyLake && (
        <div className="empty first">
          <h2>{text('emptyLake')}</h2>
          <p>{text('emptyLakeHint')}</p>
          <pre>millrace load ./AWSLogs</pre>
        </div>
      )}
      {!canAsk && !isEmptyLake && <Refusals version={version} />}
      {canAsk && error !== null && <p role="alert">{error.message}</p>}
      {canAsk && data === undefined && isFetching && <div className="skeleton tall" aria-label={text('running')} />}
      {canAsk && data !== undefined && <Answer answer={data} form={form} />}
    </main>
  )
}
