import { describe, expect, it } from 'vitest'
import { rig } from './driverRig.test-kit'

describe('the way beside', () => {
  it('a refusal by the next way is one of all, and the connection bears its code', async () => {
    const { driver, socket, sse, clock } = rig()
    driver.ensure()
    await clock.advance(2_000)
    sse.link.drop({ code: 'REVOKED', message: 'logged out' })
    expect(driver.connection).toEqual({
      status: 'refused',
      transport: null,
      refusal: { code: 'REVOKED', message: 'logged out' },
    })
    expect([socket.live.length, clock.pending]).toEqual([0, 0])
  })

  it('what was told of a refusal bears its code from the first', async () => {
    const { driver, sse, clock, listeners } = rig()
    const seen: unknown[] = []
    listeners.told = (what) => what === 'refused' && seen.push(driver.connection.refusal)
    driver.ensure()
    await clock.advance(2_000)
    sse.link.drop({ code: 'REVOKED', message: 'logged out' })
    expect(seen).toEqual([{ code: 'REVOKED', message: 'logged out' }])
  })

  it('the next way asks for new credentials itself: refused then, nothing is dialled as if they were new', async () => {
    const { driver, socket, sse, clock } = rig({ mayRenew: true })
    driver.ensure()
    await clock.advance(2_000)
    sse.link.drop({ code: 'EXPIRED' })
    expect([sse.links.length, driver.connection.status]).toEqual([2, 'connecting'])
    sse.link.drop({ code: 'EXPIRED' })
    expect([socket.live.length, driver.connection.status]).toEqual([0, 'refused'])
  })

  it('a fifth failure of the next way is nobody else\u2019s business', async () => {
    const { driver, sse, failAll, news } = rig({ ways: ['socket', 'sse'] })
    driver.ensure()
    await failAll(sse, 6)
    expect(news().filter((what) => what === 'connectionFailed').length).toBeLessThan(2)
  })
})

describe('a server that was away', () => {
  async function away(retryAfterMs?: number) {
    const world = rig({ ways: ['socket', 'sse'] })
    world.driver.ensure()
    world.socket.link.drop()
    world.sse.link.drop()
    await world.clock.advance(1_000)
    world.socket.link.drop(retryAfterMs === undefined ? {} : { retryAfterMs })
    return { ...world, dialled: world.socket.links.length }
  }

  it('S2-88: is dialled at once when the next way has found it again', async () => {
    const { socket, sse, dialled } = await away()
    sse.link.open()
    expect([dialled, socket.links.length]).toEqual([2, 3])
  })

  it('is not, where it has said itself when to come back', async () => {
    const { socket, sse, dialled } = await away(10_000)
    sse.link.open()
    expect(socket.links.length).toBe(dialled)
  })

  it('S0-56: nor where the next way stood at its first dial: it was never away', async () => {
    const { driver, socket, sse } = rig({ ways: ['socket', 'sse'] })
    driver.ensure()
    socket.link.drop()
    sse.link.open()
    expect(socket.links.length).toBe(1)
  })
})

describe('a listener that acts at the moment it is told', () => {
  it.each(['reconnecting', 'connectionFailed', 'disconnect the server did not answer'])(
    'close() at `%s` leaves no link and no timer',
    async (moment) => {
      const { driver, socket, sse, clock, listeners, failAll } = rig()
      listeners.told = (what) => what === moment && driver.close()
      driver.ensure()
      socket.link.open()
      await clock.advance(2_000)
      driver.silent()
      if (moment === 'connectionFailed') await failAll(socket, 5)
      expect(driver.connection.status).toBe('closed')
      expect([socket.live.length, sse.live.length, clock.pending]).toEqual([0, 0, 0])
    },
  )

  it('connect() at `connectionFailed` dials at once, and once', async () => {
    const { driver, socket, listeners, failAll } = rig({ ways: ['socket'] })
    listeners.told = (what) => what === 'connectionFailed' && driver.connect().catch(() => {})
    driver.ensure()
    await failAll(socket, 5)
    expect([socket.links.length, socket.live.length]).toEqual([6, 1])
  })
})

describe('links that are not ours any more', () => {
  it('109: what they say late is not heard, nor what they answer', async () => {
    const { driver, socket, news, clock } = rig({ greeting: 'list-progress' })
    driver.ensure()
    const first = socket.link.open()
    await clock.advance(2_000)
    const answers: unknown[] = []
    driver.send('list-progress', [{}], (answer) => answers.push(answer))
    driver.silent()
    news()
    const before = driver.heard
    first.say('progress-update', {})
    first.answer('list-progress', {})
    first.listener.opened()
    first.listener.closed({ code: 'REVOKED' })
    expect([news(), answers, driver.heard, driver.connection.status]).toEqual([[], [], before, 'reconnecting'])
  })

  it('each new link is greeted before it stands', () => {
    const { driver, socket, sse } = rig({ greeting: 'list-progress' })
    driver.ensure()
    expect(socket.link.asked('list-progress')).toHaveLength(1)
    socket.link.drop()
    expect(sse.link.asked('list-progress')).toHaveLength(1)
  })
})
