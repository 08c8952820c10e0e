import { ManualClock } from '@progress/protocol/testing'
import type { CommandAnswer } from '@progress/protocol/wire'
import { describe, expect, it } from 'vitest'
import { FakeLink } from '../fakeTransport.test-kit'
import type { Way } from '../transport/way'
import { Syncer } from './syncer'

const SNAPSHOT_FREE: CommandAnswer<'sync-progress'> = { success: true, snapshots: [], gone: [] }

function rig({ random = 0, wanted = true, stands = true } = {}) {
  const clock = new ManualClock()
  const link = new FakeLink({ opened() {}, closed() {}, event() {} })
  const seen = { taken: 0, silent: 0, heard: 0, wanted, stands }
  const syncer = new Syncer({
    clock,
    random: () => random,
    standing: () => (seen.stands ? { link, way: {} as Way } : undefined),
    heard: () => seen.heard,
    known: () => (seen.wanted ? { positions: { a: 'p' }, mine: false } : undefined),
    take: () => void seen.taken++,
    silent: () => void seen.silent++,
  })
  const asked = (): number => link.asked('sync-progress').length
  const answer = (): void => {
    seen.heard += 1
    link.answer('sync-progress', SNAPSHOT_FREE)
  }
  return { clock, link, seen, syncer, asked, answer }
}

describe('comparing', () => {
  it('asks every 10 s, or a little sooner', async () => {
    for (const [random, ms] of [
      [0, 10_000],
      [0.999, 8_002],
    ] as const) {
      const { syncer, clock, asked, answer } = rig({ random })
      syncer.start()
      await clock.advance(ms - 1)
      expect(asked()).toBe(0)
      await clock.advance(1)
      answer()
      await clock.advance(ms)
      expect(asked()).toBe(2)
    }
  })

  it('takes the answer', async () => {
    const { syncer, clock, seen, link, answer } = rig()
    syncer.start()
    await clock.advance(10_000)
    expect(link.asked('sync-progress')[0]?.args).toEqual([{ a: 'p' }, { mine: false }])
    answer()
    expect(seen.taken).toBe(1)
  })

  it('asks nothing where nothing is wanted, or nothing stands', async () => {
    for (const options of [{ wanted: false }, { stands: false }]) {
      const { syncer, clock, asked, seen } = rig(options)
      syncer.start()
      await clock.advance(60_000)
      expect([asked(), seen.silent]).toEqual([0, 0])
    }
  })

  it('110: asks at once when it is told to, and the next time 10 s later', async () => {
    const { syncer, clock, asked, answer } = rig()
    syncer.start()
    await clock.advance(9_000)
    syncer.now()
    answer()
    expect(asked()).toBe(1)
    await clock.advance(9_999)
    expect(asked()).toBe(1)
    await clock.advance(1)
    expect(asked()).toBe(2)
  })

  it('leaves no timer when it is stopped', () => {
    const { syncer, clock } = rig()
    syncer.start()
    syncer.now()
    syncer.stop()
    expect(clock.pending).toBe(0)
  })
})

describe('silence', () => {
  it('12: 2 s without any word after a question count as silence', async () => {
    const { syncer, clock, seen } = rig()
    syncer.now()
    await clock.advance(1_999)
    expect(seen.silent).toBe(0)
    await clock.advance(1)
    expect(seen.silent).toBe(1)
  })

  it('12: any word will do', async () => {
    const { syncer, clock, seen } = rig()
    syncer.now()
    seen.heard += 1
    await clock.advance(5_000)
    expect(seen.silent).toBe(0)
  })

  it('13: a comparison that is not answered before the next one is due is silence, whatever is pushed', async () => {
    const { syncer, clock, seen, asked } = rig()
    syncer.now()
    for (let second = 0; second < 10; second++) {
      seen.heard += 1
      await clock.advance(1_000)
    }
    expect([asked(), seen.silent]).toEqual([1, 1])
  })

  it('a new link has its own time', async () => {
    const { syncer, clock, seen } = rig()
    syncer.now()
    await clock.advance(1_500)
    syncer.start()
    await clock.advance(5_000)
    expect(seen.silent).toBe(0)
  })
})
