import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Throttle, type Throttled } from './throttle'

const HOUR = 3_600_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

class Item implements Throttled {
  waiting = false
  windowEndsAt = 0
  wishes = 0
  constructor(readonly name: string) {}
}

/** Items that are sent as sessions are: at once outside of a window, else at its end. */
function sending(windowMs = 100) {
  const clock = new ManualClock(0)
  const sent: string[] = []
  const throttle = new Throttle<Item>(clock, windowMs, (item) => send(item))
  const send = (item: Item) => {
    if (item.wishes === 0) return false
    item.wishes = 0
    sent.push(`${item.name}@${clock.now()}`)
    return true
  }
  const wish = (item: Item) => {
    item.wishes += 1
    if (item.waiting) return
    throttle.open(item, clock.now())
    send(item)
  }
  return { clock, sent, throttle, wish }
}

describe('Throttle', () => {
  // S0-14, S0-29
  it('sends the first at once, the last of a burst at the end of its window, and nothing else', async () => {
    const { clock, sent, wish } = sending()
    const item = new Item('a')
    for (let turn = 0; turn < 25; turn++) {
      wish(item)
      await clock.advance(10)
    }
    await clock.advance(1_000)
    expect(sent).toEqual(['a@0', 'a@100', 'a@200', 'a@300'])
    expect([item.waiting, clock.pending]).toEqual([false, 0])
    wish(item)
    expect(sent.at(-1)).toBe('a@1250')
  })

  it('keeps one timer for 10,000 items, and the order in which their windows opened', async () => {
    const { clock, sent, wish } = sending()
    const items = Array.from({ length: 10_000 }, (_, index) => new Item(String(index)))
    for (const [index, item] of items.entries()) {
      wish(item)
      wish(item)
      if (index % 200 === 0) await clock.advance(1)
    }
    expect(clock.pending).toBe(1)
    await clock.advance(1_000)
    expect(clock.pending).toBe(0)
    const trailing = sent.splice(0).slice(items.length)
    expect(trailing.map((one) => one.split('@')[0])).toEqual(items.map(({ name }) => name))
  })

  it('reopens only the windows of those that had something to say', async () => {
    const { clock, sent, wish } = sending()
    const [busy, calm] = [new Item('busy'), new Item('calm')]
    wish(calm)
    wish(busy)
    wish(busy)
    await clock.advance(100)
    expect([busy.waiting, calm.waiting, clock.pending]).toEqual([true, false, 1])
    await clock.advance(100)
    expect([busy.waiting, clock.pending]).toEqual([false, 0])
    expect(sent).toEqual(['calm@0', 'busy@0', 'busy@100'])
  })

  it('closes each window at its own end, by whomever the timer was set', async () => {
    const { clock, sent, wish } = sending()
    for (const item of [new Item('a'), new Item('b'), new Item('c')]) {
      wish(item)
      wish(item)
      await clock.advance(40)
    }
    await clock.advance(1_000)
    expect(sent).toEqual(['a@0', 'b@40', 'c@80', 'a@100', 'b@140', 'c@180'])
  })

  it('holds back what is wished by those who are told', async () => {
    const clock = new ManualClock(0)
    const told: number[] = []
    const item = new Item('a')
    const throttle: Throttle<Item> = new Throttle(clock, 100, () => {
      told.push(clock.now())
      if (!item.waiting) throttle.open(item, clock.now())
      return told.length < 4
    })
    throttle.open(item, 0)
    await clock.advance(1_000)
    expect(told).toEqual([100, 200, 300, 400])
    expect([item.waiting, clock.pending]).toEqual([false, 0])
  })

  it.each([-HOUR, HOUR])('32: goes on in time when the clock jumps by %i ms', async (jump) => {
    const { clock, sent, wish } = sending()
    const [a, b] = [new Item('a'), new Item('b')]
    wish(a)
    wish(a)
    await clock.advance(50)
    clock.jump(jump)
    wish(b)
    wish(b)
    await clock.advance(50)
    expect(sent).toContain(`a@${100 + jump}`)
    await clock.advance(100)
    expect(sent.filter((one) => one.startsWith('b'))).toHaveLength(2)
    await clock.advance(200)
    expect([a.waiting, b.waiting, clock.pending]).toEqual([false, false, 0])
    wish(a)
    await clock.advance(100)
    expect([a.waiting, clock.pending]).toEqual([false, 0])
  })

  it.each([-HOUR, HOUR])('32: tells nobody twice in a window when the clock jumps by %i ms', async (jump) => {
    const clock = new ManualClock(0)
    const told: number[] = []
    const throttle: Throttle<Item> = new Throttle(clock, 100, () => told.push(clock.now() - jump) < 4)
    throttle.open(new Item('a'), 0)
    await clock.advance(50)
    clock.jump(jump)
    await clock.advance(1_000)
    expect(told).toEqual([100, 200, 300, 400])
  })

  it('lets nobody who waits already wait longer when the clock is put back', async () => {
    const { clock, sent, wish } = sending()
    const [a, b] = [new Item('a'), new Item('b')]
    for (const item of [a, b]) {
      wish(item)
      wish(item)
      await clock.advance(40)
    }
    clock.jump(-HOUR)
    await clock.advance(150)
    expect(sent.filter((one) => one.startsWith('b'))).toHaveLength(2)
  })

  it('has no timer after it was stopped, and sets none any more', async () => {
    const { clock, sent, throttle, wish } = sending()
    const item = new Item('a')
    wish(item)
    wish(item)
    throttle.stop()
    expect(clock.pending).toBe(0)
    wish(item)
    wish(new Item('b'))
    expect(clock.pending).toBe(0)
    await clock.advance(1_000)
    expect(sent).toEqual(['a@0', 'b@0'])
  })

  it('tells nobody any more when it is stopped by somebody who is told', async () => {
    const clock = new ManualClock(0)
    const told: string[] = []
    const throttle: Throttle<Item> = new Throttle(clock, 100, (item) => {
      told.push(item.name)
      throttle.stop()
      return true
    })
    for (const name of ['a', 'b', 'c']) throttle.open(new Item(name), 0)
    await clock.advance(1_000)
    expect([told, clock.pending]).toEqual([['a'], 0])
  })

  it('may be stopped twice, and before anything waits', () => {
    const { clock, throttle } = sending()
    throttle.stop()
    throttle.stop()
    expect(clock.pending).toBe(0)
  })

  it.each([1, 3_000])('keeps nothing of 300,000 windows that have closed, while %i are open', (open) => {
    let run = () => {}
    let now = 0
    const clock: Clock = {
      now: () => now,
      after: (_ms, tick) => {
        run = tick
        return () => {}
      },
    }
    const throttle = new Throttle<Item>(clock, open, () => true)
    // They close one after the other, a millisecond apart.
    for (; now < open; now++) throttle.open(new Item('a'), now)
    const before = heapUsed()
    for (; now < 300_000; now++) run()
    expect(heapUsed() - before).toBeLessThan(500_000)
  })

  it('sends all with a window of 0', async () => {
    const { clock, sent, wish } = sending(0)
    const item = new Item('a')
    wish(item)
    wish(item)
    await clock.advance(0)
    wish(item)
    await clock.advance(0)
    expect(sent).toEqual(['a@0', 'a@0', 'a@0'])
  })
})
