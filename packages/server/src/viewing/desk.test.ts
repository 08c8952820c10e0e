// What a list and a comparison hold, however many sessions an owner has: over a tracker whose clock is moved by hand.
import { isEnd, jsonBytes, LIMITS, positionOf, type Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Authorization, type Authorize } from '../auth/ownership'
import { ProgressTracker } from '../progressTracker'
import { Desk } from './desk'
import { fitting } from './room'

const caller = { userId: 'ada', roles: [], principal: { userId: 'ada' } }
const filler = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, 'x'.repeat(180)]))
const idsOf = (snapshots: readonly Snapshot[]): string[] => snapshots.map(({ sessionId }) => sessionId)

function deskOf(authorize?: Authorize) {
  const clock = new ManualClock()
  const tracker = new ProgressTracker({ clock })
  const node = tracker['~node']
  const desk = new Desk(node, new Authorization(authorize, clock, node.signals))
  const make = async (ids: readonly string[], metadata = filler): Promise<void> => {
    for (const id of ids) tracker.createSessionWithId(id, metadata, { owner: 'ada' })
    await clock.advance(1)
  }
  const end = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) tracker.completeSession(id)
    await clock.advance(1)
  }
  return { clock, tracker, desk, make, end }
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n}`)
}

describe('the list of an owner', () => {
  it('has running ones first, then ends, each newest first', async () => {
    const { desk, make, end } = deskOf()
    for (const id of ['a', 'b', 'c', 'd']) await make([id], {})
    await end(['d'])
    await end(['a'])
    expect(idsOf(await desk.list(caller))).toEqual(['c', 'b', 'a', 'd'])
  })

  it('fits into one answer, with the running ones and the newest ends', async () => {
    // G8
    const { desk, make, end } = deskOf()
    await make(['running'])
    const ends = names('end', 3_000)
    await make(ends)
    for (let at = 0; at < ends.length; at += 100) await end(ends.slice(at, at + 100))
    const sessions = await desk.list(caller)
    const bytes = jsonBytes({ success: true, sessions } as never)
    expect(bytes).toBeLessThanOrEqual(LIMITS.listBytes)
    expect(bytes).toBeGreaterThan(LIMITS.listBytes - 6_000)
    expect(sessions[0]?.sessionId).toBe('running')
    const newest = new Set(ends.slice(-100))
    expect(idsOf(sessions.slice(1)).filter((id) => !newest.has(id))).toEqual([])
  })

  it('has the newest running ones where not even those fit', async () => {
    const { desk, make, end } = deskOf()
    await make(['end'])
    await end(['end'])
    for (let n = 0; n < 200; n++) await make([`s-${n}`])
    const ids = idsOf(await desk.list(caller))
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, n) => `s-${199 - n}`))
    expect(ids.length).toBeGreaterThan(50)
  })

  it('gives no room to what the caller may not see, and asks the rule no further than needed', async () => {
    let asked = 0
    const { desk, make } = deskOf(({ session }) => {
      asked += 1
      return !session.sessionId.startsWith('hidden')
    })
    await make(names('old', 1_000))
    await make(['seen'])
    await make(names('hidden', 200))
    const ids = idsOf(await desk.list(caller))
    expect(ids[0]).toBe('seen')
    expect(ids.length).toBeGreaterThan(50)
    expect(asked).toBeLessThan(500)
  })
})

describe('the comparison of an owner’s own', () => {
  it('answers of those that are not named the running ones and the latest ends, no older end', async () => {
    const { clock, desk, make, end } = deskOf()
    await make(['running', ...names('old', 300), 'late'], {})
    await end(names('old', 300))
    await clock.advance(2 * LIMITS.syncIntervalMs)
    await end(['late'])
    expect(idsOf((await desk.sync(caller, {}, {})).snapshots)).toEqual(['running', 'late'])
    await clock.advance(2 * LIMITS.syncIntervalMs)
    expect(idsOf((await desk.sync(caller, {}, {})).snapshots)).toEqual(['running'])
  })

  it('answers an end of any age that is named and behind, before all that is not named', async () => {
    const { clock, desk, make, end } = deskOf()
    await make(['named', 'held'], {})
    const held = Object.fromEntries((await desk.list(caller)).map((one) => [one.sessionId, positionOf(one)]))
    await end(['named'])
    await clock.advance(10 * LIMITS.syncIntervalMs)
    await make(names('running', 200))
    const { snapshots } = await desk.sync(caller, {}, held)
    expect([snapshots[0]?.sessionId, snapshots[0] && isEnd(snapshots[0])]).toEqual(['named', true])
    expect(idsOf(snapshots)).not.toContain('held')
    expect(jsonBytes(fitting(snapshots) as never)).toBeLessThanOrEqual(LIMITS.listBytes)
  })
})
