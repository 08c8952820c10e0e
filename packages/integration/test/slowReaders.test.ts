// A reader that stalls its TCP connection, against a real server: what is held for it is bounded, and nobody else notices.
import { LIMITS, type Snapshot } from '@progress/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { heldFor } from '../support/held'
import { RawClient } from '../support/rawClient'
import { RealServer } from '../support/realServer'

const DEADLINE_MS = 15_000
const OFFERED_BYTES = 20_000_000
const SLOW_ROOM = 'progress-slow'
const ids = Array.from({ length: 40 }, (_, n) => `s${n}`)
const bulk = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, 'x'.repeat(180)]))

let server: RealServer | undefined
let stalled: RawClient | undefined

afterEach(async () => {
  stalled?.close()
  await server?.close()
})

function until(what: () => boolean, why: string): Promise<void> {
  const end = Date.now() + DEADLINE_MS
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (what()) resolve()
      else if (Date.now() > end) reject(new Error(`not in time: ${why}`))
      else setImmediate(look)
    }
    look()
  })
}

async function stalledReader(served: boolean) {
  server = await RealServer.start({ served })
  const { tracker, port, io } = server
  for (const id of ids) tracker.createSessionWithId(id, bulk, { owner: 'ada' })
  const healthy = await server.connect('ada')
  let joined = 0
  healthy.on('progress-status', () => {
    joined += 1
  })
  for (const id of ids) healthy.emit('join-progress', id)
  await until(() => joined === ids.length, 'the healthy one has joined')
  stalled = await RawClient.open(port, { token: 'ada' })
  await until(() => stalled?.messages.some((message) => message.startsWith('40{')) ?? false, 'connected')
  const id = (
    JSON.parse(stalled.messages.find((message) => message.startsWith('40{'))?.slice(2) ?? '{}') as { sid: string }
  ).sid
  for (const session of ids) stalled.emit(['join-progress', session])
  await until(() => stalled?.heard('progress-status').length === ids.length, 'joined')
  stalled.stall()
  return { server, stalled, healthy, conn: io.sockets.sockets.get(id)?.conn, id }
}

/** Sends one state of each session after the other, as fast as the healthy client takes them; answers the most held. */
async function offer(
  run: RealServer,
  conn: unknown,
  seen: () => number,
  enough: (held: number) => boolean,
): Promise<number> {
  let most = 0
  let offered = 0
  for (let n = 1; offered < OFFERED_BYTES && !enough(most); n++) {
    for (const id of ids) {
      run.tracker.updateProgress(id, (n % 9_000) / 100, `step ${n}`)
      offered += 4_000
      most = Math.max(most, heldFor(conn))
    }
    await run.clock.advance(LIMITS.throttleMs)
    most = Math.max(most, heldFor(conn))
    await until(() => seen() >= (n - 1) * ids.length, `round ${n}`)
  }
  return most
}

describe('a client that does not read', () => {
  it('16, 17: is held at most 1 MB for, gets the newest when it reads again, and others are sent everything', async () => {
    const { server, stalled, healthy, conn, id } = await stalledReader(true)
    const newest = new Map<string, Snapshot>()
    let count = 0
    healthy.on('progress-update', (snapshot: Snapshot) => {
      count += 1
      newest.set(snapshot.sessionId, snapshot)
    })
    const most = await offer(
      server,
      conn,
      () => count,
      () => false,
    )
    expect(server.io.sockets.adapter.rooms.get(SLOW_ROOM)).toEqual(new Set([id]))
    expect(most).toBeLessThan(1_048_576)
    expect(most).toBeGreaterThan(200_000)
    stalled.resume()
    await until(() => {
      void server.clock.advance(10)
      return !server.io.sockets.adapter.rooms.has(SLOW_ROOM)
    }, 'back')
    await until(() => {
      const last = new Map(stalled.heard<Snapshot>('progress-update').map((one) => [one.sessionId, one]))
      return ids.every((session) => last.get(session)?.revision === newest.get(session)?.revision)
    }, 'the newest of each')
    const first = stalled.heard<Snapshot>('progress-update').filter(({ sessionId }) => sessionId === ids[0])
    expect(first.map(({ revision }) => revision)).toEqual(
      [...first.map(({ revision }) => revision)].sort((a, b) => a - b),
    )
    expect(first.length).toBeLessThan(count / ids.length)
    expect(healthy.connected).toBe(true)
  }, 60_000)

  it('17: is cut off when it stays stuck, although it sends pongs', async () => {
    const { server, stalled, healthy, conn, id } = await stalledReader(true)
    let count = 0
    healthy.on('progress-update', () => {
      count += 1
    })
    await offer(
      server,
      conn,
      () => count,
      () => server.io.sockets.adapter.rooms.has(SLOW_ROOM),
    )
    for (let n = 0; n < 21; n++) {
      stalled.send('3')
      await server.clock.advance(1_000)
    }
    expect(server.io.sockets.sockets.has(id)).toBe(false)
    expect(server.signals.filter(({ name }) => name === 'slow')).toMatchObject([
      { userId: 'ada', disconnected: false },
      { userId: 'ada', disconnected: true },
    ])
    await until(() => heldFor(conn) === 0, 'nothing is held any more')
    expect(healthy.connected).toBe(true)
    stalled.resume()
    await until(() => stalled.closed, 'the line is cut')
  }, 60_000)

  it('is held more than 1 MB for where nobody watches (the twin)', async () => {
    const { server, healthy, conn } = await stalledReader(false)
    let count = 0
    healthy.on('progress-update', () => {
      count += 1
    })
    const most = await offer(
      server,
      conn,
      () => count,
      (held) => held > 2_000_000,
    )
    expect(most).toBeGreaterThan(2_000_000)
  }, 60_000)
})
