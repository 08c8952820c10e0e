import { LIMITS } from '@progress/protocol/wire'
import { describe, expect, it, vi } from 'vitest'
import { state } from '../clientRig.test-kit'
import { Following } from './following'

function rig() {
  const event = vi.fn()
  const answer = vi.fn()
  return { following: new Following(event), event, answer }
}

describe('what an HTTP link follows', () => {
  it('the first state answers the join, the next ones are events by their status', () => {
    const { following, event, answer } = rig()
    following.join(['a'], answer)
    following.found(state(1))
    following.found(state(2))
    following.found(state(3, { status: 'error' }))
    expect(answer.mock.calls).toEqual([[{ success: true, status: state(1) }]])
    expect(event.mock.calls.map(([name, { revision }]) => [name, revision])).toEqual([
      ['progress-update', 2],
      ['progress-error', 3],
    ])
  })

  it('is followed once, however often it is joined', () => {
    const { following, answer } = rig()
    expect([following.join(['a'], answer), following.join(['a'], () => expect.unreachable())]).toEqual([true, false])
    following.found(state(1))
    expect(answer).toHaveBeenCalledTimes(1)
  })

  it('S0-70: what has ended runs no more, until a new epoch', () => {
    const { following, answer } = rig()
    following.join(['a'], answer)
    following.found(state(3, { status: 'completed' }))
    expect([following.running, following.isEmpty]).toEqual([[], true])
    following.found(state(1, { epoch: '00mjutvp0-00000000' }))
    expect(following.running).toEqual(['a'])
  })

  it('109: what is not followed any more is passed over', () => {
    const { following, event, answer } = rig()
    following.join(['a'], answer)
    following.leave('a')
    following.found(state(1))
    following.missing('a', 'NOT_FOUND', '')
    expect([answer.mock.calls, event.mock.calls]).toEqual([[], []])
  })

  it('what is not there answers the join, and later is an event; and may be found yet', () => {
    const { following, event, answer } = rig()
    following.join(['a'], answer)
    following.missing('a', 'NOT_FOUND', 'no')
    following.missing('a', 'NOT_FOUND', 'no')
    following.found(state(1))
    expect(answer.mock.calls).toEqual([[{ error: { code: 'NOT_FOUND', message: 'no' } }]])
    expect(event.mock.calls).toEqual([
      ['progress-gone', { sessionId: 'a', code: 'NOT_FOUND' }],
      ['progress-update', state(1)],
    ])
  })

  it('S0-73: counts from what was seen here, whatever the join says', () => {
    const { following, answer } = rig()
    following.join(['a', { position: '00mjutvo0-00000000.7' }], answer)
    expect(following.position('a')).toBeUndefined()
    following.found(state(8))
    expect(following.position('a')).toBe('00mjutvo0-00000000.8')
  })

  it('G8: so many at once, and no more', () => {
    const { following, answer } = rig()
    for (let count = 0; count < LIMITS.watchedPerConnection; count++) following.join([`id-${count}`], () => {})
    expect(following.join(['more'], answer)).toBe(false)
    expect(answer.mock.calls[0]?.[0]).toMatchObject({ error: { code: 'LIMIT' } })
    following.leave('id-0')
    expect(following.join(['more'], answer)).toBe(true)
  })

  it('the first list answers, the next ones are batches, until it is left', () => {
    const { following, event, answer } = rig()
    following.list([{ watch: true }], answer)
    following.listed([state(1)])
    following.listed([state(2)])
    following.list([{ watch: false }], () => {})
    following.listed([state(3)])
    following.listed([state(4)])
    expect(answer.mock.calls).toEqual([[{ success: true, sessions: [state(1)] }]])
    expect(event.mock.calls).toEqual([['progress-batch', { sessions: [state(2)] }]])
  })

  it('35: what is no state is passed over', () => {
    const { following, event, answer } = rig()
    following.join(['a'], answer)
    for (const odd of [
      null,
      7,
      {},
      { ...state(1), epoch: { toString: 1, valueOf: 1 } },
      { ...state(1), status: 'toString' },
    ]) {
      following.found(odd)
    }
    expect([answer.mock.calls, event.mock.calls, following.position('a')]).toEqual([[], [], undefined])
  })

  it('112: what was seen and is not there any more is asked for no more, also by a link that has not seen it', () => {
    const { following, answer } = rig()
    following.join(['a', { position: '00mjutvo0-00000000.9' }], answer)
    following.missing('a', 'NOT_FOUND', '')
    expect(following.running).toEqual([])
  })

  it('is followed anew where it is joined after its end', () => {
    const { following, answer } = rig()
    following.join(['a'], answer)
    following.found(state(3, { status: 'completed' }))
    expect([following.join(['a'], answer), following.running]).toEqual([true, ['a']])
  })
})
