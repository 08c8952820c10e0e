// One client for the whole page.
import { WebSocketClient } from '@progress/client'
import { ProgressProvider } from '@progress/client/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'

const root = document.querySelector('#root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <ProgressProvider client={new WebSocketClient()}>
      <App />
    </ProgressProvider>
  </StrictMode>,
)
