import { describe, expect, it, vi } from 'vitest'
import { state } from '../clientRig.test-kit'
import { Session } from './session'

describe('a session', () => {
  it('G6: what is gone stays gone, and is said once', () => {
    const session = new Session('a')
    const heard = vi.fn()
    session.states.add(heard)
    expect([session.leave('NOT_FOUND'), session.leave('REVOKED'), session.take(state(1))]).toEqual([true, false, false])
    expect(heard.mock.calls).toEqual([[{ status: 'gone', progress: 0, code: 'NOT_FOUND' }]])
  })

  it('G5: what has ended is not gone', () => {
    const session = new Session('a')
    session.take(state(1, { status: 'cancelled' }))
    expect([session.leave('NOT_FOUND'), session.state.status, session.isOver]).toEqual([false, 'cancelled', true])
  })

  it('is wanted as long as it is watched or held, and not gone', () => {
    const session = new Session('a')
    expect(session.isWanted).toBe(false)
    session.isHeld = true
    expect(session.isWanted).toBe(true)
    session.isHeld = false
    session.watchers = 2
    expect(session.isWanted).toBe(true)
    session.leave('NOT_FOUND')
    expect(session.isWanted).toBe(false)
  })
})
