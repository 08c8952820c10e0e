// Hooks: one for the work that is shown, one for the badge. The id may be null, and the work need not be made yet.
import { useConnection, useProgress } from '@progress/client/react'
import { type ReactElement, useState } from 'react'
import type { importPhotos } from './operations'

/** The whole page. */
export function App(): ReactElement {
  const [id, setId] = useState<string | null>(null)
  const { status } = useConnection()
  const start = async (): Promise<void> => {
    const answer = await fetch('/photos', { method: 'POST' })
    setId((await answer.json()).sessionId)
  }
  return (
    <main>
      <button type="button" onClick={() => void start()}>
        Import photos
      </button>
      <Photos id={id} />
      <small>{status}</small>
    </main>
  )
}

function Photos({ id }: { id: string | null }): ReactElement | null {
  const state = useProgress<typeof importPhotos>(id)
  if (state.status === 'idle') return null
  return (
    <p>
      <progress value={state.progress} max={100} aria-label="Import" />{' '}
      {state.status === 'active' &&
        `${state.phase ?? 'start'}: ${state.metadata.album}, ${state.current ?? 0} pictures`}
      {state.status === 'completed' && `${state.result.pictures} pictures, ${state.result.bytes} bytes`}
      {state.status === 'error' && state.error.message}
    </p>
  )
}
