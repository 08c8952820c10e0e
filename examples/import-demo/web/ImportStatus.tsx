// One import, as React shows it: one hook, and one line for each state that there is.
import { useProgress } from '@progress/client/react'
import type { importCsv } from '../operations'
import { resultWords } from './words'

/** Follows the import with this id; `null`: there is none yet. */
export function ImportStatus({ id }: { readonly id: string | null }) {
  const p = useProgress<typeof importCsv>(id)
  if (p.status === 'idle') return <p>Nothing is being imported.</p>
  const isActive = p.status === 'active'
  return (
    <section aria-label="Import" data-status={p.status}>
      <progress max={100} value={p.progress} aria-label="Import" />
      <p>
        <strong>{Math.floor(p.progress)} %</strong> {isActive && p.phase}
        {isActive &&
          p.total !== undefined &&
          ` ${(p.current ?? 0).toLocaleString('en')} of ${p.total.toLocaleString('en')} ${p.unit}`}
      </p>
      {p.status === 'waiting' && <p>Waiting for it to start…</p>}
      {isActive && p.worker !== 'alive' && <p>The worker does not answer.</p>}
      {isActive && (
        <button type="button" disabled={!p.cancellable || !!p.cancelRequested} onClick={() => void p.cancel()}>
          Cancel
        </button>
      )}
      {p.status === 'completed' && <p>{resultWords(p.result)}</p>}
      {p.status === 'error' && <p role="alert">{`${p.error.message} (${p.error.code})`}</p>}
      {p.status === 'cancelled' && <p>Cancelled: nothing of it was kept.</p>}
      {p.status === 'gone' && <p>Not there, or not yours.</p>}
    </section>
  )
}
