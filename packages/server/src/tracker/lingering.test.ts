import { buildSnapshot, ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Cell } from './cell'
import { Lingering } from './lingering'

const SPAN_MS = 1_000
const HOUR = 60 * 60_000

function setUp() {
  const clock = new ManualClock()
  const over: string[] = []
  const needed = new Set<string>()
  const lingering = new Lingering(clock, SPAN_MS, ({ snapshot: { sessionId } }) => {
    if (needed.has(sessionId)) return false
    over.push(sessionId)
    return true
  })
  const add = (sessionId: string) => {
    const cell = new Cell(buildSnapshot('completed', { sessionId }), null, undefined, 0, false)
    lingering.add(cell, clock.now())
    return cell
  }
  return { clock, over, needed, lingering, add }
}

describe('Lingering', () => {
  it('88: lets each stay for the span, with one timer for all and none after the last', async () => {
    const { clock, over, add } = setUp()
    for (const id of ['a', 'b', 'c']) {
      add(id)
      await clock.advance(400)
    }
    expect([over, clock.pending]).toEqual([['a'], 1])
    await clock.advance(199)
    expect(over).toEqual(['a'])
    await clock.advance(1)
    expect(over).toEqual(['a', 'b'])
    await clock.advance(400)
    expect([over, clock.pending]).toEqual([['a', 'b', 'c'], 0])
  })

  it('89: names the oldest, and keeps nothing of one that had to go before', async () => {
    const { clock, over, lingering, add } = setUp()
    const [a, b] = [add('a'), add('b')]
    expect(lingering.oldest?.cell).toBe(a)
    lingering.delete(a)
    expect(lingering.oldest?.cell).toBe(b)
    await clock.advance(500)
    add('c')
    lingering.delete(b)
    await clock.advance(500)
    expect(over).toEqual([]) // the timer was set for one that has gone
    await clock.advance(500)
    expect([over, lingering.oldest]).toEqual([['c'], undefined])
  })

  it.each([-HOUR, HOUR])('holds nobody longer when the clock jumps by %i ms', async (jump) => {
    const { clock, over, add } = setUp()
    add('a')
    clock.jump(jump)
    add('b')
    await clock.advance(SPAN_MS)
    expect(over).toEqual(['a', 'b'])
    expect(clock.pending).toBe(0)
  })

  it.each([0, -HOUR, HOUR])(
    'keeps one that is needed for another span, with a clock that jumps by %i ms',
    async (jump) => {
      const { clock, over, needed, add } = setUp()
      needed.add('a')
      add('a')
      add('b')
      clock.jump(jump)
      await clock.advance(SPAN_MS)
      expect([over, clock.pending]).toEqual([['b'], 1])
      await clock.advance(SPAN_MS)
      needed.clear()
      await clock.advance(SPAN_MS - 1)
      expect(over).toEqual(['b'])
      await clock.advance(1)
      expect([over, clock.pending]).toEqual([['b', 'a'], 0])
    },
  )

  it('has no timer after it was stopped, and sets none any more', async () => {
    const { clock, over, lingering, add } = setUp()
    add('a')
    lingering.stop()
    add('b')
    await clock.advance(HOUR)
    expect([over, clock.pending]).toEqual([[], 0])
  })
})
