import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketClient } from './client'
import { settled, state } from './clientRig.test-kit'
import { makeTrace } from './debug'
import { FakeTransport } from './fakeTransport.test-kit'

const print = vi.fn()

beforeEach(() => {
  localStorage.clear()
  vi.spyOn(console, 'debug').mockImplementation(print)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  print.mockClear()
})

describe('debugging', () => {
  it.each(['hextrackr_debug', 'progress_debug'])('S0-58: is switched on by localStorage.%s = true', (key) => {
    localStorage.setItem(key, 'true')
    makeTrace()('hello', { a: 1 })
    makeTrace()('bare')
    expect(print.mock.calls).toEqual([['[progress] hello', { a: 1 }], ['[progress] bare']])
  })

  it('S0-58: is off by anything else, and takes a reload to change', () => {
    localStorage.setItem('hextrackr_debug', '1')
    const trace = makeTrace()
    localStorage.setItem('hextrackr_debug', 'true')
    trace('hello')
    expect(print).not.toHaveBeenCalled()
    const loud = makeTrace()
    localStorage.removeItem('hextrackr_debug')
    loud('still')
    makeTrace()('hello')
    expect(print.mock.calls).toEqual([['[progress] still']])
  })

  it('S0-58: is off where a page may not look', () => {
    vi.stubGlobal('localStorage', {
      getItem() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    makeTrace()('hello')
    expect(print).not.toHaveBeenCalled()
  })

  it('S0-59: prints attempts and failures, joins and leaves, and what is said, by whichever way', async () => {
    localStorage.setItem('hextrackr_debug', 'true')
    const transport = new FakeTransport()
    const client = new WebSocketClient({ transport })
    const watch = client.watch('a')
    transport.link.open()
    await settled()
    transport.link.answer('join-progress', { success: true, status: state(1) })
    transport.link.say('progress-update', state(2))
    watch.leave()
    await settled()
    transport.link.drop({ message: 'transport close' })
    transport.link.drop()
    client.close()
    const lines = print.mock.calls.map(([line]) => String(line))
    expect(lines).toEqual([
      '[progress] transport: connect, now dialing',
      '[progress] transport: opened, now open',
      '[progress] join a',
      '[progress] -> join-progress',
      '[progress] <- progress-update',
      '[progress] leave a',
      '[progress] -> leave-progress',
      '[progress] transport: dropped, now waiting',
      '[progress] transport: close, now closed',
    ])
    expect(print.mock.calls).toContainEqual(['[progress] <- progress-update', state(2)])
    expect(print.mock.calls).toContainEqual(['[progress] -> join-progress', ['a', {}]])
  })
})
