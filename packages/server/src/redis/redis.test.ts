import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Mirror } from '../backend/mirror'
import { entry, LONG_MS } from '../conformance/bench'
import { Signals } from '../observe/signals'
import { DoubleClient } from './client.test-support'
import { redis } from './redis'

function open(options: { readonly prefix?: string } = {}) {
  const client = new DoubleClient()
  const clock = new ManualClock()
  return { client, clock, backend: redis(client, { clock, ...options }) }
}

/** The message of a rejection. */
function complaint(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: Error) => error.message,
  )
}

describe('redis()', () => {
  it.each([
    ['an address', 'redis://localhost', 'not a string'],
    ['nothing', undefined, 'not undefined'],
    ['null', null, 'not null'],
    ['another object', { duplicate() {} }, 'not another object'],
  ])('says what to write where it is handed %s', (_name, client, what) => {
    expect(() => redis(client as never)).toThrow(TypeError)
    expect(() => redis(client as never)).toThrow(what)
    expect(() => redis(client as never)).toThrow('redis(new Redis()) with ioredis')
  })

  it('says what to write where it is handed a cluster of node-redis', () => {
    const sendCommand = (_key: string, _isReadonly: boolean, _args: string[], _options: object) => {}
    const none = () => {}
    const cluster = { sendCommand, duplicate: none, connect: none, subscribe: none, destroy: none }
    expect(() => redis(cluster)).toThrow('new Cluster(nodes)')
  })

  it.each([
    [{ prefix: '' }, 'prefix'],
    [{ prefix: 'a{b' }, 'prefix'],
    [{ prefix: 7 as never }, 'prefix'],
    [{ endKeepMs: -1 }, 'endKeepMs'],
    [{ endKeepMs: Number.NaN }, 'endKeepMs'],
  ])('refuses %j with a sentence', (options, word) => {
    expect(() => redis(new DoubleClient(), options)).toThrow(TypeError)
    expect(() => redis(new DoubleClient(), options)).toThrow(word)
  })

  it('sends nothing before it is asked, and each script whole once', async () => {
    const { client, backend } = open()
    expect(client.sent).toEqual([])
    void backend.claim('a', 1)
    void backend.claim('b', 1)
    const words = client.sent.map(({ command }) => [command[0], command.slice(2)])
    expect(words).toEqual([
      ['eval', ['1', '{progress}', '"a"', '1']],
      ['evalsha', ['1', '{progress}', '"b"', '1']],
    ])
  })

  it('sends a script whole again where Redis does not know it', async () => {
    const { client, backend } = open({ prefix: 'p' })
    void backend.claim('a', 1)
    client.answerAll(0)
    const claimed = backend.claim('b', 1)
    client.sent.pop()?.fail(new Error('NOSCRIPT No matching script.'))
    await expect.poll(() => client.sent.length).toBe(1)
    expect([client.sent[0]?.command[0], client.sent[0]?.command[3]]).toEqual(['eval', '{p}'])
    client.answerAll(1)
    expect(await claimed).toBe(true)
  })

  it('hands on what Redis refuses, and sends a script whole until one was taken', async () => {
    const { client, backend } = open()
    const first = complaint(backend.claim('a', 1))
    client.sent.pop()?.fail(new Error('NOPERM no'))
    expect(await first).toBe('NOPERM no')
    void backend.claim('a', 1)
    expect(client.sent[0]?.command[0]).toBe('eval')
  })
})

describe('a Redis that does not answer', () => {
  it('21: each call is rejected within 5 s', async () => {
    const { client, clock, backend } = open()
    const calls = [
      backend.put(entry(), LONG_MS),
      backend.get(['a']),
      backend.listByOwner('ada'),
      backend.listActiveByNode('node-1'),
      backend.appendLog('a', entry().snapshot.epoch, [], 'node-1'),
      backend.readLog('a', entry().snapshot.epoch, -1),
      backend.send({ kind: 'cancel', sessionId: 'a' }),
      backend.listen(
        () => {},
        () => {},
      ),
      backend.heartbeat('node-1', 1, 1),
      backend.silence(['node-1']),
      backend.claim('a', 1),
      backend.count('a', 1),
    ]
    const rejected = Promise.all(calls.map(complaint))
    await clock.advance(5_000)
    expect(new Set(await rejected)).toEqual(new Set(['Redis has not answered within 5 s']))
    expect(client.sent.length).toBe(calls.length)
    expect(clock.pending).toBeLessThan(2)
  })

  it('21: one call in 5 s is sent, the others are rejected at once, until it answers', async () => {
    const { client, clock, backend } = open()
    const first = complaint(backend.count('a', 1))
    await clock.advance(5_000)
    await first
    for (let call = 0; call < 10; call++) await complaint(backend.count('a', 1))
    expect(client.sent.length).toBe(1)
    await clock.advance(5_000)
    const trial = backend.count('a', 1)
    await complaint(backend.count('a', 1))
    expect(client.sent.length).toBe(2)
    client.answerAll(3)
    expect(await trial).toBe(3)
    const next = backend.count('a', 1)
    client.answerAll(4)
    expect(await next).toBe(4)
  })

  /** What a client holds after an hour of silence, with a mirror of so many sessions that keeps trying. */
  async function heldAfterAnHour(sessions: number, isBounded: boolean): Promise<number> {
    const { client, clock, backend } = open()
    const bare = { ...backend, put: () => client.call('put').then(() => true) }
    const asked = isBounded ? backend : { ...bare, put: late(clock, bare.put) }
    const mirror = new Mirror({
      backend: asked,
      clock,
      signals: new Signals(),
      node: 'node-1',
      activeKeepMs: LONG_MS,
      endKeepMs: LONG_MS,
      onStored: () => {},
      onRefused: async () => {},
    })
    for (let id = 0; id < sessions; id++) mirror.put(entry({ id: `s-${id}` }))
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000)
    mirror.close()
    return client.sent.length
  }

  it('21: a client is not filled with what it cannot send', async () => {
    expect(await heldAfterAnHour(100, true)).toBeLessThan(100 + 3_600 / 5 + 1)
  })

  it('21: twin: where each call is only given up, it is', async () => {
    expect(await heldAfterAnHour(100, false)).toBeGreaterThan(10_000)
  })
})

/** Gives up after 5 s, and no more. */
function late<A extends unknown[], T>(clock: ManualClock, call: (...values: A) => Promise<T>) {
  return (...values: A) =>
    Promise.race([call(...values), new Promise<T>((_, fail) => void clock.after(5_000, () => fail(new Error('late'))))])
}
