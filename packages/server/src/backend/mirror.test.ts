import { LIMITS } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { entry, epoch, lines } from '../conformance/bench'
import { over } from '../conformance/over.test-support'
import { unruly } from '../conformance/unruly.test-support'
import { Signals } from '../observe/signals'
import type { Backend, Entry, Message } from './contract'
import { memory } from './memory'
import { Mirror } from './mirror'

async function setUp() {
  const clock = new ManualClock()
  const store = memory({ clock })
  const { backend, calls, waiting, become } = unruly(store)
  const signals = new Signals()
  const failed: number[] = []
  const refused: Entry[] = []
  const heard: Message[] = []
  signals.on('store-failed', () => failed.push(clock.now()))
  await store.listen(
    (message) => heard.push(message),
    () => {},
  )
  const keep = { activeKeepMs: 60_000_000, endKeepMs: 60_000_000 }
  const stored: number[] = []
  const answer = { refusal: async () => {} }
  const on = {
    onStored: ({ snapshot }: Entry) => void stored.push(snapshot.revision),
    onRefused: async (one: Entry) => {
      refused.push(one)
      await answer.refusal()
    },
  }
  const mirror = new Mirror({ backend, clock, signals, node: 'node-1', ...keep, ...on })
  const revisions = () => heard.flatMap((one) => (one.kind === 'changed' ? one.entry.snapshot.revision : []))
  return { mirror, clock, store, calls, waiting, become, failed, stored, refused, answer, heard, revisions }
}

describe('Mirror', () => {
  it('writes one state of a session at a time, and then the newest', async () => {
    const { mirror, clock, become, waiting, revisions } = await setUp()
    become('hanging')
    for (let revision = 1; revision <= 50; revision++) mirror.put(entry({ revision }))
    await clock.advance(1_000)
    expect([waiting.now, mirror.backlog]).toEqual([1, 1])
    become('well')
    await mirror.flush()
    expect(revisions()).toEqual([1, 50])
    expect([waiting.most, mirror.backlog]).toEqual([1, 0])
  })

  it('writes several sessions side by side', async () => {
    const { mirror, clock, become, waiting } = await setUp()
    become('hanging')
    for (const id of ['a', 'b', 'c']) mirror.put(entry({ id }))
    await clock.advance(0)
    expect(waiting.now).toBe(3)
  })

  it('20, 25: tries again after 200 ms, and waits twice as long each time, up to 5 s', async () => {
    const { mirror, clock, become, failed, store } = await setUp()
    become('failing')
    const start = clock.now()
    mirror.put(entry())
    await clock.advance(20_000)
    const waits = failed.map((at, index) => at - (failed[index - 1] ?? start))
    expect(waits).toEqual([0, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    expect(mirror.failing).toBe(true)
    become('well')
    await clock.advance(5_000)
    expect(mirror.failing).toBe(false)
    expect(await store.get(['s-1'])).toMatchObject([entry()])
    become('failing')
    mirror.put(entry({ revision: 2 }))
    await clock.advance(200)
    expect((failed.at(-1) ?? 0) - (failed.at(-2) ?? 0)).toBe(200)
  })

  it('says once a try that the backend is away, however many sessions wait', async () => {
    const { mirror, clock, become, failed } = await setUp()
    become('failing')
    for (let index = 0; index < 100; index++) mirror.put(entry({ id: `s-${index}` }))
    await clock.advance(200)
    expect(failed).toHaveLength(2)
  })

  it('94: holds one entry for each of 1,000 sessions at 10 Hz while the backend is away for 10 minutes', async () => {
    const { mirror, clock, become, store } = await setUp()
    become('failing')
    let most = 0
    for (let revision = 1; revision <= 6_000; revision++) {
      for (let index = 0; index < 1_000; index++) mirror.put(ENTRIES[index]?.[revision % 2] as Entry)
      if (revision % 10 === 0) await clock.advance(1_000)
      most = Math.max(most, mirror.backlog)
    }
    expect(most).toBe(1_000)
    for (let index = 0; index < 1_000; index++) mirror.put(entry({ id: `s-${index}`, revision: 6_001 }))
    become('well')
    await clock.advance(5_000)
    const ids = Array.from({ length: 1_000 }, (_, index) => `s-${index}`)
    const stored = await store.get(ids)
    expect(new Set(stored.map((one) => one?.snapshot.revision))).toEqual(new Set([6_001]))
    expect(mirror.backlog).toBe(0)
  }, 30_000)

  it('keeps as many lines as the limit says while the backend is away, and tells of the gap', async () => {
    const { mirror, clock, become, store } = await setUp()
    mirror.put(entry())
    mirror.log('s-1', epoch(0), lines(0, 5))
    await mirror.flush()
    become('failing')
    for (let from = 5; from < 1_000; from += 5) mirror.log('s-1', epoch(0), lines(from, 5))
    await clock.advance(10_000)
    expect(mirror.backlog).toBe(1)
    become('well')
    await clock.advance(5_000)
    const kept = lines(1_000 - LIMITS.logLines, LIMITS.logLines)
    expect(await store.readLog('s-1', epoch(0), 4)).toEqual({ lines: kept, gap: 1_000 - LIMITS.logLines - 5 })
  })

  it('tells the last lines before the end', async () => {
    const { mirror, heard } = await setUp()
    mirror.put(entry())
    mirror.log('s-1', epoch(0), lines(0, 2))
    mirror.put(entry({ revision: 2, isEnded: true }))
    await mirror.flush()
    expect(heard.map((one) => one.kind)).toEqual(['changed', 'log', 'changed'])
  })

  it('writes lines once where only the state after them could not be written', async () => {
    const { clock, store, heard } = await setUp()
    let puts = 0
    const put = async (one: Entry, keepMs: number) => {
      if (++puts === 2) throw new Error('away')
      return store.put(one, keepMs)
    }
    const appended: number[] = []
    const appendLog: Backend['appendLog'] = async (id, life, given, node) => {
      appended.push(given.length)
      await store.appendLog(id, life, given, node)
    }
    const backend = over(store, { put, appendLog })
    const about = { backend, clock, signals: new Signals(), node: 'node-1', activeKeepMs: 60_000, endKeepMs: 60_000 }
    const mirror = new Mirror({ ...about, onStored: () => {}, onRefused: () => expect.unreachable() })
    mirror.put(entry())
    mirror.log('s-1', epoch(0), lines(0, 2))
    mirror.put(entry({ revision: 2 }))
    await clock.advance(200)
    expect(heard.map((one) => one.kind)).toEqual(['changed', 'log', 'changed'])
    expect(appended).toEqual([2])
  })

  it('says what was stored, and what was refused, because the backend knows something newer', async () => {
    const { mirror, store, stored, refused } = await setUp()
    mirror.put(entry())
    await mirror.flush()
    await store.put(entry({ revision: 5 }), 60_000)
    mirror.put(entry({ revision: 4 }))
    await mirror.flush()
    expect(stored).toEqual([entry().snapshot.revision])
    expect(refused).toEqual([entry({ revision: 4 })])
  })

  it('flush waits for what is put in answer to a refusal', async () => {
    const { mirror, clock, become, store, answer } = await setUp()
    await store.put(entry({ revision: 5 }), 60_000)
    answer.refusal = async () => {
      become('failing')
      mirror.put(entry({ revision: 6 }))
    }
    mirror.put(entry({ revision: 4 }))
    const found = mirror.flush().then(() => store.get(['s-1']))
    await clock.advance(100)
    become('well')
    await clock.advance(200)
    expect(await found).toMatchObject([entry({ revision: 6 })])
  })

  it('lets a new life of a session take the place of the old one, and not the other way round', async () => {
    const { mirror, clock, become, store } = await setUp()
    become('failing')
    mirror.put(entry({ revision: 9 }))
    await clock.advance(0)
    mirror.put(entry({ life: 1 }))
    mirror.put(entry({ revision: 10 }))
    mirror.log('s-1', epoch(0), lines(0, 1))
    const flushed = mirror.flush()
    become('well')
    await clock.advance(200)
    await flushed
    expect(await store.get(['s-1'])).toMatchObject([entry({ life: 1 })])
  })

  it('flush waits for what was put so far, not for what comes after', async () => {
    const { mirror, store, become, clock } = await setUp()
    become('hanging')
    mirror.put(entry({ revision: 1 }))
    mirror.put(entry({ revision: 2 }))
    let isFlushed = false
    const flushed = mirror.flush().then(() => {
      isFlushed = true
    })
    await clock.advance(1_000)
    expect(isFlushed).toBe(false)
    become('well')
    await flushed
    expect((await store.get(['s-1']))[0]?.snapshot.revision).toBe(2)
    await mirror.flush()
  })

  it('keeps a state that failed under the lines that came meanwhile, and who waits for it', async () => {
    const { mirror, store, become, clock } = await setUp()
    become('hanging')
    mirror.put(entry())
    let isFlushed = false
    const flushed = mirror.flush().then(() => {
      isFlushed = true
    })
    mirror.log('s-1', epoch(0), lines(0, 1))
    become('failing')
    await clock.advance(0)
    expect([isFlushed, mirror.backlog]).toEqual([false, 1])
    become('well')
    await clock.advance(200)
    await flushed
    expect(await store.get(['s-1'])).toMatchObject([entry()])
    expect((await store.readLog('s-1', epoch(0), -1)).lines).toEqual(lines(0, 1))
  })

  it('flush resolves after an outage', async () => {
    const { mirror, become, clock } = await setUp()
    become('failing')
    mirror.put(entry())
    await clock.advance(60_000)
    const flushed = mirror.flush()
    become('well')
    await clock.advance(5_000)
    await flushed
  })

  it('close lets go of all that waits, of its timer, and of who waits for it', async () => {
    const { mirror, become, clock, calls } = await setUp()
    become('failing')
    mirror.put(entry())
    await clock.advance(0)
    const flushed = mirror.flush()
    mirror.close()
    await flushed
    become('well')
    mirror.put(entry({ revision: 2 }))
    mirror.log('s-1', epoch(0), lines(0, 1))
    await mirror.flush()
    await clock.advance(10_000)
    expect([mirror.backlog, clock.pending, calls]).toEqual([0, 0, ['put']])
  })
})

/** Two states of each of 1,000 sessions, made once: the test is about what is held, not about making them. */
const ENTRIES: readonly (readonly Entry[])[] = Object.freeze(
  Array.from({ length: 1_000 }, (_, index) => [1, 2].map((revision) => entry({ id: `s-${index}`, revision }))),
)
