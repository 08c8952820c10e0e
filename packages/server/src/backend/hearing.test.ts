import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { over } from '../conformance/over.test-support'
import { unruly } from '../conformance/unruly.test-support'
import { Signals } from '../observe/signals'
import type { Message } from './contract'
import { Hearing } from './hearing'
import { memory } from './memory'

const MESSAGE: Message = { kind: 'cancel', sessionId: 's-1' }

function setUp(health: 'well' | 'failing' | 'hanging') {
  const clock = new ManualClock()
  const store = memory({ clock })
  let listening = 0
  const counted = over(store, {
    listen: async (hear, onGap) => {
      const stop = await store.listen(hear, onGap)
      listening += 1
      return () => {
        listening -= 1
        stop()
      }
    },
  })
  const { backend, become } = unruly(counted)
  become(health)
  const heard: string[] = []
  const signals = new Signals()
  signals.onAny(({ name }) => heard.push(name))
  const hear = ({ kind }: Message) => {
    heard.push(kind)
    if (kind === 'log') throw new Error('a listener threw')
  }
  const hearing = new Hearing({ backend, clock, signals, hear, onGap: () => heard.push('gap') })
  return { clock, store, become, heard, hearing, listening: () => listening }
}

describe('Hearing', () => {
  it('hears from the start, and nothing after it was stopped', async () => {
    const { clock, store, hearing, heard, listening } = setUp('well')
    await clock.advance(0)
    await store.send(MESSAGE)
    await clock.advance(0)
    hearing.stop()
    await store.send(MESSAGE)
    await clock.advance(0)
    expect([heard, listening()]).toEqual([['cancel'], 0])
  })

  it('22: asks until it can listen, and then tells that something may have been missed', async () => {
    const { clock, store, become, heard } = setUp('failing')
    await clock.advance(10_000)
    become('well')
    await clock.advance(5_000)
    await store.send(MESSAGE)
    await clock.advance(0)
    expect(heard.slice(-2)).toEqual(['gap', 'cancel'])
    expect(new Set(heard.slice(0, -2))).toEqual(new Set(['store-failed']))
    expect(clock.pending).toBe(0)
  })

  it('22: knows whether it hears', async () => {
    const { clock, become, hearing } = setUp('failing')
    await clock.advance(10_000)
    expect(hearing.isHearing).toBe(false)
    become('well')
    await clock.advance(5_000)
    expect(hearing.isHearing).toBe(true)
    hearing.stop()
    expect(hearing.isHearing).toBe(false)
  })

  it('asks no more after it was stopped, and leaves what it was given too late', async () => {
    const failing = setUp('failing')
    await failing.clock.advance(0)
    failing.hearing.stop()
    expect(failing.clock.pending).toBe(0)
    const hanging = setUp('hanging')
    hanging.hearing.stop()
    hanging.become('well')
    await hanging.clock.advance(0)
    expect([hanging.listening(), hanging.heard]).toEqual([0, []])
  })

  it('signals a listener that throws, and hears on', async () => {
    const { clock, store, heard } = setUp('well')
    await clock.advance(0)
    await store.send({ kind: 'log', sessionId: 's-1', epoch: 'none', lines: [], node: 'node-1' })
    await store.send(MESSAGE)
    await clock.advance(0)
    expect(heard).toEqual(['log', 'handler-failed', 'cancel'])
  })
})
