import { describe, expect, it, vi } from 'vitest'
import { Emitter } from './emitter'

describe('the emitter', () => {
  it('S0-52: tells those who listen, in order, until they stop', () => {
    const emitter = new Emitter()
    const heard: string[] = []
    const first = (): void => void heard.push('first')
    emitter.on('connect', first)
    emitter.on('connect', () => heard.push('second'))
    emitter.tell('connect')
    emitter.off('connect', first)
    emitter.tell('connect')
    expect(heard).toEqual(['first', 'second', 'second'])
  })

  it('once: once, also where it is told again meanwhile', () => {
    const emitter = new Emitter()
    const listener = vi.fn(() => emitter.tell('connect'))
    emitter.once('connect', listener)
    emitter.tell('connect')
    emitter.tell('connect')
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('once: taken back by the listener that was given', () => {
    const emitter = new Emitter()
    const listener = vi.fn()
    emitter.once('connect', listener)
    emitter.off('connect', listener)
    emitter.off('connect', listener)
    emitter.tell('connect')
    expect(listener).not.toHaveBeenCalled()
  })

  it('once and on: a listener that was given to both hears on', () => {
    for (const order of [
      ['on', 'once'],
      ['once', 'on'],
    ] as const) {
      const emitter = new Emitter()
      const listener = vi.fn()
      for (const how of order) emitter[how]('connect', listener)
      emitter.tell('connect')
      emitter.tell('connect')
      expect(listener).toHaveBeenCalledTimes(3)
    }
  })

  it('a listener that throws hurts no other, nor whoever tells', () => {
    const emitter = new Emitter()
    const heard = vi.fn()
    emitter.on('connectionFailed', () => {
      throw new Error('of the app')
    })
    emitter.on('connectionFailed', heard)
    emitter.tell('connectionFailed', {})
    expect(heard).toHaveBeenCalledWith({})
  })

  it('who is taken out by one that was called before is not called any more', () => {
    const emitter = new Emitter()
    const heard = vi.fn()
    emitter.on('connect', () => emitter.clear())
    emitter.on('connect', heard)
    emitter.tell('connect')
    expect(heard).not.toHaveBeenCalled()
  })

  it('forgets all', () => {
    const emitter = new Emitter()
    const heard = vi.fn()
    emitter.on('connect', heard)
    emitter.once('connect', heard)
    emitter.clear()
    emitter.tell('connect')
    expect(heard).not.toHaveBeenCalled()
  })
})
