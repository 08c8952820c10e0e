// Each status of the connection, by what a network and a server can do.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Connection } from '../index'
import { createFakeProgress, type FakeProgress } from './index'

type Status = Connection['status']

const REACHABLE = ['connecting', 'connected', 'reconnecting', 'polling', 'refused'] as const
const TRANSPORTS: Partial<Record<Status, Connection['transport']>> = { connected: 'websocket', polling: 'poll' }

function play(): FakeProgress {
  const fake = createFakeProgress()
  onTestFinished(() => fake.client.close())
  return fake
}

/** A watcher, so that there is something to lose. */
async function watched(
  fake: FakeProgress,
): Promise<{ readonly progress: () => number | undefined; say(progress: number): void }> {
  const session = fake.session('backup')
  const watch = fake.client.watch(session.id)
  await fake.clock.advance(0)
  return { progress: () => watch.state.progress, say: (progress) => session.update({ progress }) }
}

async function become(fake: FakeProgress, status: Status): Promise<Connection> {
  fake.connection(status)
  await fake.clock.advance(0)
  return fake.client.connection
}

describe('connection()', () => {
  it('leaves a client idle that nobody used', async () => {
    const fake = play()
    expect(await become(fake, 'idle')).toEqual({ status: 'idle', transport: null })
  })

  it.each(REACHABLE)('brings an unused client to %s', async (status) => {
    expect(await become(play(), status)).toMatchObject({ status, transport: TRANSPORTS[status] ?? null })
  })

  it.each(REACHABLE.flatMap((from) => REACHABLE.map((to) => [from, to] as const)))('%s -> %s', async (from, to) => {
    const fake = play()
    await watched(fake)
    expect((await become(fake, from)).status).toBe(from)
    expect(await become(fake, to)).toMatchObject({ status: to, transport: TRANSPORTS[to] ?? null })
  })

  it.each(REACHABLE)('of a minute later still leads anywhere: %s', async (from) => {
    for (const to of REACHABLE) {
      const fake = play()
      await watched(fake)
      await become(fake, from)
      await fake.clock.advance(60_000)
      expect((await become(fake, to)).status, `${from} -> ${to}`).toBe(to)
    }
  })

  it('says why it was refused', async () => {
    const { refusal } = await become(play(), 'refused')
    expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it.each(REACHABLE)('closes for good: %s', async (status) => {
    const fake = play()
    await become(fake, status)
    expect((await become(fake, 'closed')).status).toBe('closed')
    expect(() => fake.connection('connected')).toThrow(/closed, for good/)
    expect(() => fake.connection('closed')).not.toThrow()
  })

  it('says that no way leads back to idle', async () => {
    const fake = play()
    fake.connection('connected')
    expect(() => fake.connection('idle')).toThrow(/idle only before it dials/)
  })

  it('holds: what is asked for by a new watch changes nothing', async () => {
    for (const status of REACHABLE) {
      const fake = play()
      await watched(fake)
      await become(fake, status)
      await watched(fake)
      expect(fake.client.connection.status).toBe(status)
    }
  })

  it('is dialled five times in vain when the server stays away', async () => {
    const fake = play()
    const told: string[] = []
    fake.client.on('connectionFailed', () => told.push('failed'))
    fake.client.on('disconnect', () => told.push('disconnect'))
    await watched(fake)
    await become(fake, 'reconnecting')
    await fake.clock.advance(30_000)
    expect(told).toEqual(['disconnect', 'failed'])
  })
})

describe('what a session says', () => {
  it.each(['connected', 'polling'] as const)('is heard when %s', async (status) => {
    const fake = play()
    const { progress, say } = await watched(fake)
    await become(fake, status)
    say(40)
    await fake.clock.advance(0)
    expect([fake.client.connection.status, progress()]).toEqual([status, 40])
  })

  it.each(['connecting', 'reconnecting'] as const)('lets in a client that is %s', async (status) => {
    const fake = play()
    const { progress, say } = await watched(fake)
    say(10)
    expect((await become(fake, status)).status).toBe(status)
    expect(progress()).toBe(10)
    say(40)
    await fake.clock.advance(0)
    expect([fake.client.connection.status, progress()]).toEqual(['connected', 40])
  })

  it('is not heard when refused, and shows when it is let in again', async () => {
    const fake = play()
    const { progress, say } = await watched(fake)
    await become(fake, 'refused')
    say(40)
    await fake.clock.advance(0)
    expect([fake.client.connection.status, progress()]).toEqual(['refused', 0])
    await become(fake, 'connected')
    expect(progress()).toBe(40)
  })
})
