// How many connections a user may have, and that none is counted for ever.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConnectionCap } from './connectionCap'

const ada = { userId: 'ada' }

describe('ConnectionCap', () => {
  it('case 50: refuses the newest, per user', () => {
    const cap = new ConnectionCap(2)
    expect([cap.admit(ada).ok, cap.admit(ada).ok, cap.admit({ userId: 'bob' }).ok]).toEqual([true, true, true])
    expect(cap.admit(ada)).toEqual({ ok: false, code: 'LIMIT' })
  })

  it('case 50: allows 20 by default', () => {
    const cap = new ConnectionCap()
    expect(Array.from({ length: 21 }, () => cap.admit(ada).ok).indexOf(false)).toBe(20)
  })

  it('case 50: twin: without a cap, all of them come in', () => {
    const cap = new ConnectionCap(Number.POSITIVE_INFINITY)
    expect(Array.from({ length: 1_000 }, () => cap.admit(ada).ok)).not.toContain(false)
  })

  it('gives a place back once, however often it is released', () => {
    const cap = new ConnectionCap(2)
    const [first, second] = [cap.admit(ada), cap.admit(ada)]
    if (!first.ok || !second.ok) throw new Error('both are allowed')
    first.release()
    first.release()
    first.release()
    expect([cap.admit(ada).ok, cap.admit(ada).ok]).toEqual([true, false])
  })

  it('never counts more or fewer than are held, and forgets users who left', () => {
    const steps = fc.array(fc.record({ user: fc.constantFrom('a', 'b', '__proto__'), leaves: fc.nat(20) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(steps, (all) => {
        const cap = new ConnectionCap(3)
        const held: { user: string; release(): void }[] = []
        for (const { user, leaves } of all) {
          const admission = cap.admit({ userId: user })
          expect(admission.ok).toBe(held.filter((one) => one.user === user).length < 3)
          if (admission.ok) held.push({ user, release: () => admission.release() })
          const [gone] = leaves < held.length ? held.splice(leaves, 1) : []
          gone?.release()
          gone?.release()
        }
        for (const { release } of held) release()
        expect(cap.users).toBe(0)
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN, '20'])('takes no cap of %s', (limit) => {
    expect(() => new ConnectionCap(limit as number)).toThrow(TypeError)
  })
})
