// Logins that end, are prolonged, change, or cannot be read, while their connections are open.
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { FactListener } from '../node'
import { type Signal, Signals } from '../observe/signals'
import type { Connection } from '../socket/connection'
import { Authentication, type Authenticator, type AuthRequest } from './authenticate'
import { callerOf, type Principal, type Revoked } from './principal'
import { Recheck } from './recheck'

type Heard = readonly [event: string, payload: unknown]

/** A recheck over connections that a test adds; a twin leaves it out, and only the connections are there. */
function rechecked(
  authenticator: Authenticator,
  reauthorise: (connection: Connection) => unknown = () => {},
  isTwin = false,
) {
  const clock = new ManualClock(0)
  const signals = new Signals()
  const told: Signal[] = []
  signals.onAny((signal) => told.push(signal))
  const connections = new Set<Connection>()
  const listeners = new Set<Pick<FactListener, 'revoked'>>()
  const listen = (listener: FactListener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  let ticks = 0
  const recheck = isTwin
    ? undefined
    : new Recheck({
        node: { clock, signals, listen },
        authentication: new Authentication([authenticator], clock, signals),
        connections: () => connections,
        reauthorise,
        onTick: () => (ticks += 1),
      })

  /** A connection of this principal, and what it hears. */
  function connect(principal: Principal, token = String(principal.userId)) {
    const heard: Heard[] = []
    const socket = {
      connected: true,
      emit: (event: string, payload: unknown) => heard.push([event, payload]),
      disconnect: (close: boolean) => {
        heard.push(['disconnect', close])
        socket.connected = false
        connections.delete(connection)
      },
    }
    const caller = callerOf(principal, clock.now())
    if (!caller) throw new Error('a caller')
    const request: AuthRequest = { headers: new Headers(), token }
    const connection = {
      socket,
      caller,
      request,
      watched: new Set(),
      awaited: new Set(),
      listing: false,
    } as unknown as Connection
    connections.add(connection)
    recheck?.attend(caller)
    return { connection, heard }
  }

  const hear = (whose: Revoked) => listeners.forEach((listener) => void listener.revoked?.(whose))
  return { clock, recheck, connect, hear, told, connections, listeners, ticks: () => ticks }
}

/** What somebody hears whose login is over. */
const over = (code: string): Heard[] => [
  ['progress-bye', { code }],
  ['disconnect', true],
]
const EVERY_MS = 30_000

describe('every 30 seconds', () => {
  it('66: each login is read anew, and one that is gone is over', async () => {
    const users = new Set(['ada', 'bob'])
    const asked: AuthRequest[] = []
    const { clock, connect } = rechecked((request) => {
      asked.push(request)
      return users.has(request.token ?? '') ? { userId: request.token ?? '' } : null
    })
    const [ada, bob] = [connect({ userId: 'ada' }), connect({ userId: 'bob' })]
    await clock.advance(EVERY_MS)
    users.delete('ada')
    await clock.advance(EVERY_MS - 1)
    expect([ada.heard, bob.heard]).toEqual([[], []])
    await clock.advance(1)
    expect([ada.heard, bob.heard]).toEqual([over('EXPIRED'), []])
    expect(asked).toHaveLength(4)
    expect(asked.every(({ fresh }) => fresh)).toBe(true)
  })

  it('a login that turned into another user’s is over', async () => {
    const { clock, connect } = rechecked(() => ({ userId: 'bob' }))
    const ada = connect({ userId: 'ada' })
    await clock.advance(EVERY_MS)
    expect(ada.heard).toEqual(over('REVOKED'))
  })

  it.each([
    ['is gone', null],
    ['has turned into another user’s', { userId: 'bob' }],
  ])('66: twin: a login that %s goes on where nobody looks', async (_, now) => {
    const { clock, connect } = rechecked(
      () => now,
      () => {},
      true,
    )
    const ada = connect({ userId: 'ada' })
    await clock.advance(10 * EVERY_MS)
    expect([ada.heard, ada.connection.socket.connected]).toEqual([[], true])
  })

  it('69: new roles hold from then on, and all that is watched is asked for again', async () => {
    const again: unknown[] = []
    const { clock, connect } = rechecked(
      () => ({ userId: 'ada', roles: ['guest'] }),
      ({ caller }) => again.push(caller.roles),
    )
    const ada = connect({ userId: 'ada', roles: ['admin'] })
    await clock.advance(EVERY_MS)
    expect(ada.connection.caller.roles).toEqual(['guest'])
    expect(again).toEqual([['guest']])
  })

  it('69: twin: an admin stays one where nobody looks', async () => {
    const again: unknown[] = []
    const { clock, connect } = rechecked(
      () => ({ userId: 'ada', roles: ['guest'] }),
      (connection) => again.push(connection),
      true,
    )
    const ada = connect({ userId: 'ada', roles: ['admin'] })
    await clock.advance(10 * EVERY_MS)
    expect([ada.connection.caller.roles, again]).toEqual([['admin'], []])
  })

  it('those who hold no connection have their turn, too', async () => {
    const { clock, ticks } = rechecked(() => null)
    await clock.advance(3 * EVERY_MS)
    expect(ticks()).toBe(3)
  })

  it('what throws on the way is told, and stops nothing', async () => {
    const { clock, connect, told } = rechecked(
      ({ token = '' }) => ({ userId: token }),
      () => Promise.reject(new Error('a rule')),
    )
    const ada = connect({ userId: 'ada' })
    await clock.advance(2 * EVERY_MS)
    expect(ada.heard).toEqual([])
    expect(told.filter(({ name }) => name === 'handler-failed')).toHaveLength(2)
  })
})

describe('a store that is slow', () => {
  it('holds up no other, and ends as something to try again', async () => {
    const { clock, connect } = rechecked(({ token }) => {
      if (token === 'slow') return new Promise(() => {})
      return token === 'gone' ? null : { userId: token ?? '' }
    })
    const slow = connect({ userId: 'slow' })
    const gone = connect({ userId: 'gone' })
    await clock.advance(EVERY_MS)
    expect([slow.heard, gone.heard]).toEqual([[], over('EXPIRED')])
    await clock.advance(5_000)
    expect(slow.heard).toEqual(over('UNAVAILABLE'))
  })

  it('is asked 20 things at a time', async () => {
    let running = 0
    let most = 0
    const answers: (() => void)[] = []
    const { clock, connect } = rechecked(({ token = '' }) => {
      running += 1
      most = Math.max(most, running)
      return new Promise((resolve) => {
        answers.push(() => {
          running -= 1
          resolve({ userId: token })
        })
      })
    })
    for (let n = 0; n < 50; n++) connect({ userId: n })
    await clock.advance(EVERY_MS)
    expect(answers).toHaveLength(20)
    for (let n = 0; n < 50; n++) {
      answers[n]?.()
      await clock.advance(0)
    }
    expect([answers.length, most]).toEqual([50, 20])
  })

  it('that answers after a disconnect, or after the end, changes nothing', async () => {
    let answer = (): void => {}
    const { clock, recheck, connect } = rechecked(() => new Promise((resolve) => (answer = () => resolve(null))))
    const left = connect({ userId: 'ada' })
    await clock.advance(EVERY_MS)
    left.connection.socket.disconnect(true)
    answer()
    await clock.advance(0)
    expect(left.heard).toEqual([['disconnect', true]])
    const stopped = connect({ userId: 'bob' })
    await clock.advance(EVERY_MS)
    recheck?.stop()
    answer()
    await clock.advance(0)
    expect(stopped.heard).toEqual([])
  })
})

describe('an expiry', () => {
  const forEver: Authenticator = ({ token }) => ({ userId: token ?? '', expiresAt: Number(token) })

  it('67: is kept to the millisecond, also beyond the next round', async () => {
    const { clock, connect } = rechecked(forEver)
    const times = [5_000, 29_999, 30_001, 65_000, 100 * 24 * 3_600_000]
    const all = times.map((at) => connect({ userId: at, expiresAt: at }))
    for (const [index, at] of times.slice(0, 4).entries()) {
      await clock.advance(at - 1 - clock.now())
      expect(all[index]?.heard, String(at)).toEqual([])
      await clock.advance(1)
      expect(all[index]?.heard, String(at)).toEqual(over('EXPIRED'))
    }
    expect(all[4]?.heard).toEqual([])
  })

  it('67: twin: is not kept where nobody looks', async () => {
    const { clock, connect } = rechecked(forEver, () => {}, true)
    const ada = connect({ userId: 5_000, expiresAt: 5_000 })
    await clock.advance(10 * EVERY_MS)
    expect(ada.heard).toEqual([])
  })

  it('needs one timer, however many there are', () => {
    const { clock, connect } = rechecked(forEver)
    for (let at = 10_000; at > 5_000; at -= 100) connect({ userId: at, expiresAt: at })
    expect(clock.pending).toBe(2)
  })

  it('far away needs none yet: a timer of 25 days and more would go off at once', () => {
    const { clock, connect } = rechecked(forEver)
    connect({ userId: 'ada', expiresAt: 100 * 24 * 3_600_000 })
    expect(clock.pending).toBe(1)
  })

  it('that was put off meanwhile is kept later', async () => {
    let until = 20_000
    const { clock, connect } = rechecked(() => ({ userId: 'ada', expiresAt: until }))
    const ada = connect({ userId: 'ada', expiresAt: 10_000 })
    await clock.advance(19_999)
    expect(ada.heard).toEqual([])
    until = 20_000
    await clock.advance(1)
    expect(ada.heard).toEqual(over('EXPIRED'))
  })

  it('is not asked for in a circle while its store hangs', async () => {
    let asked = 0
    const { clock, connect } = rechecked(() => {
      asked += 1
      return new Promise(() => {})
    })
    const ada = connect({ userId: 'ada', expiresAt: 1_000 })
    await clock.advance(6_000)
    expect([asked, ada.heard]).toEqual([1, over('UNAVAILABLE')])
  })
})

describe('revoke', () => {
  const everybody: Authenticator = ({ token }) => (token === 'out' ? null : { userId: token ?? '' })

  it('66: ends one login, or all of a user’s, at once', () => {
    const { connect, hear } = rechecked(everybody)
    const [one, two] = ['1', '2'].map((loginId) => connect({ userId: 'ada', loginId }))
    const bob = connect({ userId: 'bob', loginId: '3' })
    hear({ loginId: '1' })
    expect([one?.heard, two?.heard, bob.heard]).toEqual([over('REVOKED'), [], []])
    hear({ userId: 'ada' })
    hear({ userId: '3' })
    hear({ loginId: 'bob' })
    expect([two?.heard, bob.heard]).toEqual([over('REVOKED'), []])
  })

  it('66: twin: unheard, it ends nothing', () => {
    const { connect, hear } = rechecked(everybody, () => {}, true)
    const ada = connect({ userId: 'ada', loginId: '1' })
    hear({ loginId: '1' })
    hear({ userId: 'ada' })
    expect([ada.heard, ada.connection.socket.connected]).toEqual([[], true])
  })

  it('66: ends all the others where a handler of the app throws', () => {
    const { connect, hear, told } = rechecked(everybody)
    const [one, two] = [connect({ userId: 'ada' }), connect({ userId: 'ada' })]
    Object.assign(one.connection.socket, {
      disconnect: () => boom(),
    })
    hear({ userId: 'ada' })
    expect(two.heard).toEqual(over('REVOKED'))
    expect(told).toContainEqual(expect.objectContaining({ name: 'handler-failed', where: 'disconnect' }))
  })

  it('66: twin: a plain loop stops at the handler that throws, and the others stay', () => {
    const { connect, connections } = rechecked(everybody, () => {}, true)
    const [one, two] = [connect({ userId: 'ada' }), connect({ userId: 'ada' })]
    Object.assign(one.connection.socket, { disconnect: () => boom() })
    expect(() => connections.forEach(({ socket }) => void socket.disconnect(true))).toThrow('theirs')
    expect(two.connection.socket.connected).toBe(true)
  })

  it('79: catches who had shown the login before, and connects after', async () => {
    const { clock, connect, hear } = rechecked(everybody)
    hear({ userId: 'ada' })
    const late = connect({ userId: 'ada' }, 'out')
    const loggedInAgain = connect({ userId: 'ada' })
    await clock.advance(0)
    expect([late.heard, loggedInAgain.heard]).toEqual([over('EXPIRED'), []])
  })

  it('79: twin: without a revoke, that waits for the next round', async () => {
    const { clock, connect } = rechecked(everybody)
    const late = connect({ userId: 'ada' }, 'out')
    await clock.advance(EVERY_MS - 1)
    expect(late.heard).toEqual([])
  })
})

it('leaves no timer and no listener once it has stopped', async () => {
  const { clock, recheck, connect, listeners } = rechecked(({ token }) => ({ userId: token ?? '' }))
  const ada = connect({ userId: 'ada', expiresAt: 1_000 })
  recheck?.stop()
  recheck?.stop()
  recheck?.revoke({ userId: 'ada' })
  recheck?.attend(ada.connection.caller)
  await clock.advance(EVERY_MS)
  expect([clock.pending, listeners.size, ada.heard]).toEqual([0, 0, []])
})

function boom(): never {
  throw new Error('theirs')
}
