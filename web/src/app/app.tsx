import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { statusQuery } from '../api/lake.ts'
import { DashboardsPage } from '../dashboards/dashboards-page.tsx'
import { LoadsPage } from '../loads/loads-page.tsx'
import { fullNumber } from '../text/figures.ts'
import { WhyPage } from '../why/why-page.tsx'
import { firstDashboard, goTo, useAddress, writeAddress } from './address.ts'
import { useChoices, useText } from './choices.tsx'
import { useDataVersion } from './data-version.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

/** The page: its head, and what the address names. */
export function App(): ReactNode {
  const address = useAddress()
  const text = useText()
  const { version, isReachable } = useDataVersion()
  const { data: status } = useQuery({ ...statusQuery(version), enabled: version !== undefined })
  const { language } = useChoices()
  return (
    <>
      <a className="skip" href="#content">
        {text('skip')}
      </a>
      <header className="head">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width="26" height="26" />
          <span>Millrace</span>
        </Link>
        <nav aria-label="Millrace">
          <Link to="/dashboards" isCurrent={address.page === 'dashboards'}>
            {text('dashboards')}
          </Link>
          <Link to="/worksheets" isCurrent={address.page === 'worksheets'}>
            {text('worksheets')}
          </Link>
          <Link to="/pipes" isCurrent={address.page === 'pipes'}>
            {text('pipes')}
          </Link>
          <Link to="/tasks" isCurrent={address.page === 'tasks'}>
            {text('tasks')}
          </Link>
          <Link to="/loads" isCurrent={address.page === 'loads'}>
            {text('loads')}
          </Link>
          <Link to="/why" isCurrent={address.page === 'why'}>
            {text('why')}
          </Link>
        </nav>
        <p className="lake-size" title={status?.lake}>
          {status === undefined ? '' : text('records', { count: fullNumber(status.rows, undefined, language) })}
        </p>
        <ChoiceButtons />
      </header>
      {!isReachable && (
        <p className="notice bad" role="alert">
          {text('unreachable')}
        </p>
      )}
      {address.page === 'worksheets' && (
        <Suspense fallback={<main id="content" className="worksheets" aria-busy="true" />}>
          <WorksheetsPage name={address.worksheet} version={version} isEmptyLake={status?.files === 0} />
        </Suspense>
      )}
      {address.page === 'pipes' && (
        <Suspense fallback={<main id="content" className="board" aria-busy="true" />}>
          <PipesPage />
        </Suspense>
      )}
      {address.page === 'tasks' && (
        <Suspense fallback={<main id="content" className="board" aria-busy="true" />}>
          <TasksPage />
        </Suspense>
      )}
      {address.page === 'loads' && <LoadsPage version={version} isEmptyLake={status?.files === 0} />}
      {address.page === 'why' && <WhyPage version={version} isEmptyLake={status?.files === 0} />}
      {address.page === 'unknown' && (
        <main id="content" className="empty">
          <h1>{text('notFound')}</h1>
          <Link to="/dashboards" className="button">
            {text('toDashboards')}
          </Link>
        </main>
      )}
      {address.page === 'dashboards' && (
        <DashboardsPage
          name={address.dashboard ?? firstDashboard}
          address={address}
          version={version}
          isEmptyLake={status?.files === 0}
          onAddress={(change, replace) => {
            goTo(writeAddress({ ...address, ...change }), replace)
          }}
        />
      )}
    </>
  )
}

const WorksheetsPage = lazy(() => import('../worksheets/worksheets-page.tsx'))
const PipesPage = lazy(() => import('../pipes/pipes-page.tsx'))
const TasksPage = lazy(() => import('../tasks/tasks-page.tsx'))

const nextTheme = { system: 'light', light: 'dark', dark: 'system' } as const
const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const
const themeTexts = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const

function ChoiceButtons(): ReactNode {
  const { theme, language, zone, choose } = useChoices()
  const text = useText()
  return (
    <div className="choices">
      <button
        type="button"
        className="quiet"
        aria-label={`${text('timeZone')}: ${text(zone)}`}
        title={`${text('timeZone')}: ${text(zone)}`}
        onClick={() => {
          choose({ zone: zone === 'utc' ? 'local' : 'utc' })
        }}
      >
        <Icon name="clock" />
        <span>{text(zone)}</span>
      </button>
      <button
        type="button"
        className="quiet"
        lang={language === 'en' ? 'ja' : 'en'}
        aria-label={language === 'en' ? '日本語で表示' : 'Show in English'}
        onClick={() => {
          choose({ language: language === 'en' ? 'ja' : 'en' })
        }}
      >
        {language === 'en' ? '日本語' : 'English'}
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={text(themeTexts[theme])}
        title={text(themeTexts[theme])}
        onClick={() => {
          choose({ theme: nextTheme[theme] })
        }}
      >
        <Icon name={themeIcons[theme]} />
      </button>
    </div>
  )
}
