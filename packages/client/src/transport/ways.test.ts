import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../options'
import { makeWays } from './ways'

const PARTS = { changed() {} }

function named(transport: ClientOptions['transport']): string[] {
  return makeWays({ ...(transport && { transport }) }, PARTS).ways.map(({ name }) => name)
}

describe('ways to the server', () => {
  it('S0-55: are sockets, else streams, else asking, unless it is said', () => {
    expect(named(undefined)).toEqual(['socket', 'sse', 'poll'])
    expect(named(['poll', 'sse', 'poll'])).toEqual(['poll', 'sse'])
  })

  it('without sockets none is made', () => {
    expect(makeWays({ transport: ['sse', 'poll'] }, PARTS).dialer).toBeUndefined()
    expect(makeWays({}, PARTS).dialer?.socket).toBeUndefined()
  })

  it('by `endpoint` are called polling, Socket.IO is not', () => {
    expect(makeWays({}, PARTS).ways.map(({ isHttp }) => isHttp)).toEqual([false, true, true])
    expect(makeWays({}, PARTS).ways.map((way) => way.via())).toEqual([null, 'sse', 'poll'])
  })

  it.each([
    [[], 'names nothing'],
    [['websocket'], 'names websocket'],
  ])('%j makes no sense, and is said at once', (transport, message) => {
    expect(() => named(transport as never)).toThrow(TypeError)
    expect(() => named(transport as never)).toThrow(message)
  })
})
