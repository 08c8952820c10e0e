// The page with React: one client, one provider, three hooks. This is the file to copy from.
import { type Snapshot, WebSocketClient } from '@progress/client'
import { ProgressProvider, useConnection, useMyProgress } from '@progress/client/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { Operations } from './operations'
import { rememberId, watchedId } from './web/address'
import { find } from './web/find'
import { ImportStatus } from './web/ImportStatus'
import { connectionWords } from './web/words'
import { importFile, requireLogin, sampleFile, start } from './web/work'

const nameOf = (one: Snapshot<Operations>): string => {
  if (one.operation === 'csv-import') return one.metadata.filename
  return one.operation === 'tidy-up' ? one.metadata.shelf : 'Backup'
}

function Mine() {
  const { sessions } = useMyProgress<Operations>()
  return (
    <ul className="mine">
      {sessions.map((one) => (
        <li key={one.sessionId}>
          <span>{nameOf(one)}</span>
          <progress max={100} value={one.progress} aria-label={one.operation} /> {one.status}
        </li>
      ))}
    </ul>
  )
}

function Badge() {
  const connection = useConnection()
  return <output data-status={connection.status}>{connectionWords(connection)}</output>
}

function App() {
  const [id, setId] = useState(watchedId)
  const begin = async (file: File | undefined) => {
    if (!file) return
    const next = crypto.randomUUID()
    rememberId(next)
    setId(next)
    await importFile(file, next)
  }
  return (
    <>
      <Badge />
      <p className="row">
        <button type="button" onClick={async () => begin(await sampleFile(50_000))}>
          Import 50,000 sample rows
        </button>
        <input
          type="file"
          accept=".csv"
          aria-label="Your own CSV"
          onChange={(event) => void begin(event.target.files?.[0])}
        />
        <button type="button" onClick={() => void start('tidy-ups')}>
          Many small jobs
        </button>
      </p>
      <ImportStatus id={id} />
      <Mine />
    </>
  )
}

find('output', 'user').value = await requireLogin()
const client = new WebSocketClient()
createRoot(find('div', 'root')).render(
  <StrictMode>
    <ProgressProvider client={client}>
      <App />
    </ProgressProvider>
  </StrictMode>,
)
