// A front end as people write it, by the public names only, and the tests that they write for it.

import { WebSocketClient } from '@progress/client'
import { ProgressProvider, useMyProgress, useProgress } from '@progress/client/react'
import { createFakeProgress } from '@progress/client/testing'
import { defineOperation, type } from '@progress/protocol'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { type ReactElement, useState } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const importCsv = defineOperation('csv-import', {
  metadata: type<{ filename: string; rejected: number }>(),
  result: type<{ inserted: number }>(),
  phases: { parse: 30, insert: 70 },
})
const backup = defineOperation('backup', { result: type<{ bytes: number }>() })
type Operations = typeof importCsv | typeof backup

function Jobs({ onBytes }: { onBytes(bytes: number): void }): ReactElement {
  const [open, setOpen] = useState<string | null>(null)
  const { sessions } = useMyProgress<Operations>({
    onEnd: (end) => {
      if (end.status === 'completed' && end.operation === 'backup') onBytes(end.result.bytes)
    },
  })
  return (
    <>
      {sessions.map((s) => (
        <button type="button" key={s.sessionId} onClick={() => setOpen(s.sessionId)}>
          {s.operation === 'csv-import' ? s.metadata.filename : 'Backup'} {s.progress} %
        </button>
      ))}
      <ImportModal id={open} onClose={() => setOpen(null)} />
    </>
  )
}

function ImportModal({ id, onClose }: { id: string | null; onClose(): void }): ReactElement | null {
  const p = useProgress<typeof importCsv>(id)
  if (p.status === 'idle') return null
  return (
    <dialog open onClose={onClose}>
      <progress value={p.progress} max={100} />
      {p.connection.status === 'reconnecting' && <i>Reconnecting…</i>}
      <Body p={p} />
    </dialog>
  )
}

function Body({ p }: { p: ReturnType<typeof useProgress<typeof importCsv>> }): ReactElement {
  switch (p.status) {
    case 'idle':
    case 'waiting':
      return <p>Waiting…</p>
    case 'active':
      return (
        <p>
          {p.phase === 'parse' ? 'Reading' : 'Writing'} {p.metadata.filename}
          {p.worker === 'lost' && ' (the worker does not answer)'}
          <button type="button" disabled={!p.cancellable || !!p.cancelRequested} onClick={() => void p.cancel('user')}>
            Cancel
          </button>
        </p>
      )
    case 'completed':
      return <p>{p.result.inserted} rows</p>
    case 'error':
      return <p>{p.error.code === 'SQLITE_BUSY' ? 'Busy, try again' : p.error.message}</p>
    case 'cancelled':
      return <p>Cancelled</p>
    case 'gone':
      return <p>No longer there</p>
  } // no default: a status that is added later breaks the build
}

const complaints = vi.spyOn(console, 'error')
beforeEach(() => void complaints.mockClear())
afterEach(() => {
  cleanup()
  expect(complaints).not.toHaveBeenCalled()
})

test('my component: I play the server', async () => {
  const fake = createFakeProgress()
  const session = fake.session<typeof importCsv>('csv-import', { metadata: { filename: 'a.csv', rejected: 0 } })
  render(
    <ProgressProvider client={fake.client}>
      <ImportModal id={session.id} onClose={() => {}} />
    </ProgressProvider>,
  )

  session.update({ progress: 40, phase: 'parse' })
  await screen.findByText(/Reading a.csv/)
  fake.connection('reconnecting')
  await screen.findByText('Reconnecting…')
  session.complete({ inserted: 3 })
  await screen.findByText('3 rows')
})

test('each end and each state has its words', async () => {
  const fake = createFakeProgress()
  const modal = (id: string | null): ReactElement => (
    <ProgressProvider client={fake.client}>
      <ImportModal id={id} onClose={() => {}} />
    </ProgressProvider>
  )
  const start = (id: string) =>
    fake.session<typeof importCsv>('csv-import', { id, metadata: { filename: 'a.csv', rejected: 0 } })
  const { rerender, container } = render(modal(null))
  expect(container.innerHTML).toBe('')

  const busy = start('busy')
  rerender(modal('busy'))
  await screen.findByText('Waiting…')
  busy.fail('SQLITE_BUSY')
  await screen.findByText('Busy, try again')

  const lost = start('lost')
  rerender(modal('lost'))
  lost.update({ worker: 'lost', phase: 'insert' })
  await screen.findByText(/Writing a.csv.*does not answer/)
  lost.vanish()
  await screen.findByText('No longer there')

  const cancelled = start('cancelled')
  rerender(modal('cancelled'))
  fireEvent.click(await screen.findByText('Cancel'))
  await vi.waitFor(() => expect(cancelled.cancelRequested).toMatchObject({ reason: 'user' }))
  await vi.waitFor(() => expect(screen.getByText<HTMLButtonElement>('Cancel').disabled).toBe(true))
  cancelled.cancelled()
  await screen.findByText('Cancelled')
})

test('the list opens the modal, and an end is told once', async () => {
  const fake = createFakeProgress()
  const bytes = vi.fn()
  const session = fake.session<typeof importCsv>('csv-import', {
    mine: true,
    metadata: { filename: 'a.csv', rejected: 0 },
  })
  const nightly = fake.session<typeof backup>('backup', { mine: true })
  render(
    <ProgressProvider client={fake.client}>
      <Jobs onBytes={bytes} />
    </ProgressProvider>,
  )
  fireEvent.click(await screen.findByText('a.csv 0 %'))
  session.update({ progress: 40, phase: 'parse' })
  await screen.findByText(/Reading a.csv/)
  nightly.complete({ bytes: 7 })
  await screen.findByText('Backup 100 %')
  expect(bytes.mock.calls).toEqual([[7]])
})

test('the client is the one that apps have', () => {
  expect(createFakeProgress().client).toBeInstanceOf(WebSocketClient)
})
