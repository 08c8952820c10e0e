// A real client over a transport in the test's hands.
import { buildSnapshot, ManualClock } from '@progress/protocol/testing'
import type { Snapshot } from '@progress/protocol/wire'
import { WebSocketClient } from './client'
import type { EventName } from './emitter'
import { type FakeLink, FakeTransport } from './fakeTransport.test-kit'
import type { ClientOptions } from './options'

/** Two epochs, the second the newer. */
export const [FIRST, SECOND] = ['00mjutvo0-00000000', '00mjutvp0-00000000'] as const

/** A snapshot of session `a`, or of another. */
export function state(revision: number, fields: Partial<Snapshot> = {}): Snapshot {
  const { status = 'active' } = fields
  return { ...buildSnapshot(status), sessionId: 'a', epoch: FIRST, revision, ...fields } as Snapshot
}

/** Lets everything run that waits on promises only. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

const EVENTS: readonly EventName[] = [
  'progress',
  'progressStatus',
  'progressComplete',
  'progressError',
  'progressCancelled',
  'progressLog',
]

/** A client, its clock, and all events that it gave. */
export function clientRig(options: Omit<ClientOptions, 'transport'> = {}) {
  const clock = new ManualClock()
  const transport = new FakeTransport(clock)
  const client = new WebSocketClient({ ...options, transport })
  const events: (readonly [name: EventName, payload: unknown])[] = []
  for (const name of EVENTS) client.on(name, (...[payload]: unknown[]) => void events.push([name, payload]))
  /** The newest link, which stands. */
  const connect = async (): Promise<FakeLink> => {
    await settled()
    return transport.link.open()
  }
  const named = (name: EventName): unknown[] => events.flatMap(([one, payload]) => (one === name ? [payload] : []))
  return { clock, transport, client, events, named, connect }
}

/** A client that watches `a`, over a link that stands and has taken the join. */
export async function watchRig(options: { readonly awaitMs?: number } = {}) {
  const rig = clientRig()
  const watch = rig.client.watch('a', options)
  const link = await rig.connect()
  return { ...rig, watch, link }
}

/** What a join is answered with. */
export const NOT_FOUND = { error: { code: 'NOT_FOUND', message: 'There is no such session.' } }
