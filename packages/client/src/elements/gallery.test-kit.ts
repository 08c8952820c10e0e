// Each state that the elements can show, for the tests that look at all of them.
import { buildSnapshot } from '@progress/protocol/testing'
import { gone } from '../sessions/watchState'
import type { FakeClient } from './fakeClient.test-kit'

const base = { operation: 'csv-import', sessionId: 'it' } as const
const rich = {
  ...base,
  progress: 43.7,
  message: 'Checking e-mail addresses of customers-2026.csv',
  current: 43_700,
  total: 100_000,
  unit: 'rows',
  phase: 'parse',
  ratePerSecond: 1_184,
  etaMs: 47_600,
} as const
const texts: readonly (readonly [string, 'info' | 'warn' | 'error'])[] = [
  ['customers-2026.csv: 100,000 rows, 14 columns, UTF-8', 'info'],
  ['uploaded in 1.2 s', 'info'],
  ['row 1,204: no e-mail address, skipped', 'warn'],
  ['row 9,118: "a@b" is no e-mail address, skipped', 'warn'],
  ['row 31,007: the customer is there already with another name, kept for review', 'error'],
  ['40,000 rows checked', 'info'],
]

/** How to bring the session `it` into each state. */
export const SESSION_STATES: Readonly<Record<string, (client: FakeClient) => void>> = Object.freeze({
  waiting: () => {},
  queued: (client) => client.run('it', { ...base, progress: 0, queued: true, cancellable: true }),
  early: (client) => client.run('it', { ...base, progress: 4, message: 'Opening customers-2026.csv' }),
  rich: (client) => {
    client.run('it', { ...rich, phase: 'upload' })
    client.run('it', rich)
    client.log('it', { gap: 3 }, ...texts.map(([text, level], at) => ({ line: at + 3, text, level, at: 0 })))
  },
  indeterminate: (client) =>
    client.run('it', { ...base, indeterminate: true, message: 'Rebuilding the search index', cancellable: false }),
  reconnecting: (client) => {
    client.run('it', rich)
    client.connect('reconnecting')
  },
  polling: (client) => {
    client.run('it', rich)
    client.connect('polling')
  },
  quiet: (client) => client.run('it', { ...rich, worker: 'quiet' }),
  lost: (client) => client.run('it', { ...rich, worker: 'lost' }),
  cancelling: (client) => client.run('it', { ...rich, cancelRequested: { at: 0 } }),
  shielded: (client) => {
    client.run('it', rich)
    client.run('it', { ...rich, message: 'Writing to the database', cancellable: false })
  },
  completed: (client) => {
    client.run('it', { ...rich, phase: 'upload' })
    client.run('it', { ...rich, phase: 'insert' })
    client.set(
      'it',
      buildSnapshot('completed', {
        ...base,
        progress: 100,
        current: 100_000,
        total: 100_000,
        unit: 'rows',
        phase: 'insert',
        duration: 86_400,
        message: '99,996 customers are in. 4 rows were skipped.',
      }),
    )
  },
  error: (client) => {
    client.run('it', { ...rich, phase: 'upload' })
    client.run('it', rich)
    client.set(
      'it',
      buildSnapshot('error', {
        ...base,
        progress: 43.7,
        current: 43_700,
        total: 100_000,
        unit: 'rows',
        phase: 'parse',
        duration: 38_000,
        error: {
          code: 'SQLITE_BUSY',
          message: 'The database is busy with another import.',
          retryable: true,
          reference: '7f3a-91c2-04de',
        },
      }),
    )
  },
  cancelled: (client) =>
    client.set(
      'it',
      buildSnapshot('cancelled', { ...base, progress: 43.7, duration: 38_000, reason: 'Stopped by Ada Lovelace' }),
    ),
  gone: (client) => client.set('it', gone('NOT_FOUND')),
  refused: (client) => client.connect('refused'),
  'refused later': (client) => {
    client.run('it', rich)
    client.connect('refused')
  },
})

/** What is mine, in a tray with something of everything. */
export const MINE = Object.freeze([
  buildSnapshot('active', { ...rich, sessionId: 'a' }),
  buildSnapshot('active', {
    ...base,
    sessionId: 'b',
    operation: 'nightly-report',
    progress: 0,
    indeterminate: true,
    message: 'Asking the warehouse',
    cancellable: false,
  }),
  buildSnapshot('active', { ...base, sessionId: 'c', operation: 'video.transcode', progress: 0, queued: true }),
  buildSnapshot('completed', { ...base, sessionId: 'd', operation: 'pdf-export', progress: 100, duration: 4_200 }),
  buildSnapshot('error', {
    ...base,
    sessionId: 'e',
    operation: 'mail-merge',
    progress: 71,
    duration: 9_000,
    error: { code: 'NETWORK_ERROR', message: 'The mail server cannot be reached.', retryable: true },
  }),
])
