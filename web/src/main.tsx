import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { ChoicesProvider } from './app/choices.tsx'
import './style/colours.css'
import './style/controls.css'
import './style/shell.css'
import './style/tiles.css'
import './style/dialogs.css'
import './style/loads.css'
import './style/lanes.css'
import './style/pipes.css'
import './style/pipe-panel.css'
import './style/tasks.css'
import './style/why.css'
import './style/worksheets.css'
import './style/result.css'
import './style/side.css'
import './style/grid.css'

const client = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: false } },
})

const root = document.querySelector('#page')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <ChoicesProvider>
          <App />
        </ChoicesProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
