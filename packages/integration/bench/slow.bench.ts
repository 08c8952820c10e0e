// A reader that stalls its TCP connection while 13 sessions of 8 kB are sent ten times a second: what the server holds for
// it, beside a bare Socket.IO server that offers the same.
import { heldFor } from '../support/held'
import { RawClient } from '../support/rawClient'
import { RealServer } from '../support/realServer'
import { figure, printTable } from './table'

const SESSIONS = 13
const OFFERED = 12_000_000
const ids = Array.from({ length: SESSIONS }, (_, n) => `s${n}`)
// As large as a state can be: metadata to its bound, and a long message beside it.
const bulk = Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`key-${n}`, 'x'.repeat(198)]))
const message = '👍'.repeat(490)

/** Waits for something, ten seconds at most. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!isSo() && Date.now() < deadline) await new Promise<void>((resolve) => setImmediate(resolve))
}

interface Outcome {
  readonly most: number
  readonly offered: number
  readonly dropped: boolean
  readonly isHealthy: boolean
}

/** Offers more than 12 MB to a reader that has stopped, then lets it stay stuck. */
async function offer(served: boolean): Promise<Outcome> {
  const server = await RealServer.start({ served })
  const { tracker, io, clock } = server
  for (const id of ids) tracker.createSessionWithId(id, bulk, { owner: 'ada' })
  const healthy = await server.connect('ada')
  let heard = 0
  healthy.on('progress-update', () => {
    heard += 1
  })
  let joined = 0
  healthy.on('progress-status', () => {
    joined += 1
  })
  for (const id of ids) healthy.emit('join-progress', id)
  await until(() => joined === SESSIONS)
  const stalled = await RawClient.open(server.port, { token: 'ada' })
  for (const id of ids) stalled.emit(['join-progress', id])
  await until(() => stalled.heard('progress-status').length === SESSIONS)
  stalled.stall()
  const conn = [...io.sockets.sockets.values()].at(-1)?.conn
  const size = JSON.stringify(tracker.getSession('s0')).length + Buffer.byteLength(message)
  let most = 0
  let rounds = 0
  for (; rounds * SESSIONS * size < OFFERED; rounds++) {
    for (const id of ids) tracker.updateProgress(id, rounds / 100, message)
    await clock.advance(100)
    await until(() => heard >= (rounds + 1) * SESSIONS)
    most = Math.max(most, heldFor(conn))
  }
  const isHealthy = heard >= rounds * SESSIONS
  for (let second = 0; second < 60; second++) await clock.advance(1_000)
  const dropped = io.sockets.sockets.size < 2
  stalled.close()
  await server.close()
  return { most, offered: rounds * SESSIONS * size, dropped, isHealthy }
}

const ours = await offer(true)
const bare = await offer(false)
printTable(`A stalled reader of ${SESSIONS} sessions of about 8 kB, ${figure(ours.offered / 1e6, 'MB')} offered`, [
  {
    what: 'most held for it',
    ours: figure(ours.most / 1024, 'kB'),
    baseline: `without the guard ${figure(bare.most / 1024, 'kB')}`,
    bound: 'at most 1,024 kB, and more without',
    holds: ours.most <= 2 ** 20 && bare.most > 2 ** 20,
  },
  {
    what: 'another watcher of the same heard every update',
    ours: ours.isHealthy ? 'yes' : 'no',
    bound: 'yes',
    holds: ours.isHealthy,
  },
  {
    what: 'disconnected within a minute of being stuck',
    ours: ours.dropped ? 'yes' : 'no',
    baseline: bare.dropped ? 'yes' : 'no',
    bound: 'yes',
    holds: ours.dropped,
  },
])
