import { LIMITS } from '@progress/protocol'
import { buildSnapshot, ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Encoder } from './frame'
import { Outbox } from './outbox'

const state = (sessionId: string, revision: number, more: object = {}) =>
  buildSnapshot('active', { sessionId, revision, ...more })

/** An outbox over a reader that takes `room` writes and then no more until it is told to. */
function fixture(room = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock()
  const said: string[] = []
  const slow: number[] = []
  const reader = { room }
  const outbox = new Outbox({
    clock,
    encoder: new Encoder(),
    sink: {
      write(text) {
        said.push(text)
        reader.room -= 1
        return reader.room > 0
      },
      end: () => {},
      destroy: () => {},
    },
    onSlow: (bytes) => {
      slow.push(bytes)
      outbox.close()
    },
    onIdle: () => {},
  })
  const ids = () => said.flatMap((text) => /^id: (.*)$/m.exec(text)?.[1] ?? [])
  return {
    clock,
    said,
    slow,
    reader,
    outbox,
    ids,
    names: () => said.flatMap((text) => /^event: (.*)$/m.exec(text)?.[1] ?? []),
  }
}

describe('Outbox', () => {
  it('says states at once while there is room', () => {
    const { outbox, said } = fixture()
    const snapshot = state('a', 2)
    outbox.state('progress-update', snapshot, true)
    expect(said).toEqual([`event: progress-update\nid: a@${snapshot.epoch}.2\ndata: ${JSON.stringify(snapshot)}\n\n`])
  })

  it('keeps the newest state of each session while there is none, and says those when there is', () => {
    // reliability.md 15, 16
    const { outbox, ids, reader } = fixture(1)
    for (let revision = 1; revision <= 1_000; revision++) {
      outbox.state('progress-update', state('a', revision), true)
      outbox.state('progress-update', state('b', revision), true)
    }
    expect(ids()).toHaveLength(1)
    reader.room = 10
    outbox.drained()
    expect(ids().map((id) => id.replace(/@.*\./, '.'))).toEqual(['a.1', 'b.1000', 'a.1000'])
    expect(outbox.isIdle).toBe(true)
  })

  it('goes on being held back after a drain that was not enough', () => {
    const { outbox, ids, reader } = fixture(1)
    for (const id of ['a', 'b', 'c', 'd']) outbox.state('progress-update', state(id, 1), true)
    reader.room = 2
    outbox.drained()
    expect(ids()).toHaveLength(3)
    outbox.state('progress-update', state('d', 2), true)
    reader.room = 2
    outbox.drained()
    expect(ids().at(-1)).toMatch(/^d@.*\.2$/)
  })

  it('keeps a first state a first state, when a newer one overtakes it', () => {
    const { outbox, names, reader } = fixture(1)
    outbox.say('')
    outbox.state('progress-status', state('a', 1), true)
    outbox.state('progress-update', state('a', 2), true)
    reader.room = 9
    outbox.drained()
    expect(names()).toEqual(['progress-status'])
  })

  it('says no state of a session that went away meanwhile', async () => {
    const { outbox, said, names, reader, clock } = fixture(1)
    outbox.say('')
    outbox.state('progress-update', state('a', 2), true)
    outbox.own(state('a', 2), true)
    outbox.gone('a')
    reader.room = 9
    outbox.drained()
    await clock.advance(0)
    expect(names()).toEqual(['progress-gone', 'progress-batch'])
    expect(said.at(-1)).toContain('"sessions":[]')
  })

  it('gives up a reader once more than 1 MB of changes waits', () => {
    // reliability.md 17, G8
    const { outbox, slow } = fixture(1)
    outbox.say('')
    const metadata = { text: 'x'.repeat(10_000) }
    for (let i = 0; i < 100; i++) outbox.state('progress-update', state(`s-${i}`, 1, { metadata }), true)
    expect(slow).toEqual([])
    for (let i = 0; i < 100; i++) outbox.state('progress-update', state(`s-${i}`, 2, { metadata }), true)
    expect(slow).toEqual([]) // newer states take the place of older ones
    for (let i = 0; i < 10; i++) outbox.own(state(`t-${i}`, 1, { metadata }), true)
    expect(slow).toHaveLength(1)
    expect(slow[0]).toBeGreaterThan(1_048_576)
  })

  it('gives up nobody for what was there at the beginning', () => {
    const { outbox, slow } = fixture(1)
    outbox.say('')
    const metadata = { text: 'x'.repeat(10_000) }
    for (let i = 0; i < 500; i++) outbox.own(state(`s-${i}`, 1, { metadata }), false)
    expect(slow).toEqual([])
  })

  it('says own sessions of one moment in one packet, and splits it at 64 KB', async () => {
    // S2-32
    const { outbox, said, clock } = fixture()
    const metadata = { text: 'ä'.repeat(5_000) }
    for (let i = 0; i < 20; i++) outbox.own(state(`s-${i}`, 1, { metadata }), true)
    await clock.advance(0)
    const packets = said.map((text) => text.split('\ndata: ')[1]?.trimEnd() ?? '')
    expect(packets.length).toBeGreaterThan(1)
    expect(Math.max(...packets.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(LIMITS.batchBytes)
    expect(packets.flatMap((text) => JSON.parse(text).sessions)).toHaveLength(20)
  })

  it('says that somebody is there every 15 seconds, and gives up a reader that takes nothing for 30', async () => {
    const { outbox, said, clock, slow, reader } = fixture()
    await clock.advance(30_000)
    expect(said).toEqual([':\n\n', ':\n\n'])
    reader.room = 1
    outbox.say('x')
    await clock.advance(29_999)
    expect(slow).toEqual([])
    await clock.advance(1)
    expect([slow, said.length, clock.pending]).toEqual([[0], 3, 0])
  })

  it('says nothing once it is closed', async () => {
    const { outbox, said, clock } = fixture()
    outbox.own(state('a', 1), true)
    outbox.close()
    outbox.state('progress-update', state('a', 1), true)
    outbox.say('x')
    outbox.drained()
    await clock.advance(60_000)
    expect([said, clock.pending]).toEqual([[], 0])
  })
})
