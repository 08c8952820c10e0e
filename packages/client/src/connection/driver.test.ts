import { ERRORS } from '@progress/protocol'
import { describe, expect, it, vi } from 'vitest'
import { rig } from './driverRig.test-kit'

describe('the status', () => {
  it('S0-74: says connecting before the first dial has come to an end, and reconnecting after', async () => {
    const { driver, socket, clock, news } = rig({ ways: ['socket'] })
    expect(driver.connection).toEqual({ status: 'idle', transport: null })
    driver.ensure()
    expect(driver.connection.status).toBe('connecting')
    socket.link.open()
    socket.link.drop({ message: 'transport close' })
    await clock.advance(800)
    expect(driver.connection.status).toBe('reconnecting')
    await clock.advance(200)
    socket.link.open()
    const stands = ['stood', 'connected by websocket', 'connect']
    expect(news()).toEqual(['connecting', ...stands, 'disconnect transport close', 'reconnecting', ...stands])
  })

  it('S0-74: a first dial that failed is tried again, and says reconnecting', () => {
    const { driver, socket, news } = rig({ ways: ['socket'] })
    driver.ensure()
    socket.link.drop()
    expect(news()).toEqual(['connecting', 'reconnecting'])
  })

  it('says polling by the way that stands, and takes push back', async () => {
    const { driver, socket, sse, poll, news, clock } = rig()
    driver.ensure()
    await clock.advance(2_000)
    sse.link.drop()
    poll.link.open()
    expect(driver.connection).toEqual({ status: 'polling', transport: 'poll' })
    await clock.advance(1_000)
    sse.link.open()
    expect([driver.connection.transport, poll.live.length]).toEqual(['sse', 0])
    await clock.advance(1_000)
    socket.link.open()
    expect([driver.connection.transport, sse.live.length]).toEqual(['websocket', 0])
    expect(news().filter((what) => what.includes(' by '))).toEqual([
      'polling by poll',
      'polling by sse',
      'connected by websocket',
    ])
  })

  it('107: where nobody answers by sockets or streams it polls within 5 s', async () => {
    const { driver, poll, clock } = rig()
    driver.ensure()
    await clock.advance(4_000)
    poll.link.open()
    expect(driver.connection).toEqual({ status: 'polling', transport: 'poll' })
  })

  it('is the same object as long as nothing changes', () => {
    const { driver, socket } = rig()
    driver.ensure()
    socket.link.open()
    const { connection } = driver
    driver.look()
    driver.ensure()
    expect(driver.connection).toBe(connection)
    expect(Object.isFrozen(connection)).toBe(true)
  })

  it('says closed, for good, and no timer is left', async () => {
    const { driver, socket, clock, news } = rig()
    driver.ensure()
    await clock.advance(2_500)
    driver.close()
    expect(driver.connection).toEqual({ status: 'closed', transport: null })
    expect([clock.pending, socket.live.length, socket.wakes.size]).toEqual([0, 0, 0])
    driver.ensure()
    driver.close()
    expect([socket.links.length, news().filter((what) => what === 'closed').length]).toEqual([1, 1])
  })
})

describe('connect()', () => {
  it('S0-53: resolves when the first way stands, and at once where it does', async () => {
    const { driver, socket } = rig()
    const connected = driver.connect()
    socket.link.open()
    await connected
    await driver.connect()
    expect(socket.links).toHaveLength(1)
  })

  it('S0-53: rejects when the dial comes to nothing, and the next way is used', async () => {
    const { driver, socket, sse } = rig()
    const connected = driver.connect()
    socket.link.drop({ message: 'xhr poll error' })
    await expect(connected).rejects.toMatchObject({ code: 'NETWORK_ERROR', message: 'xhr poll error' })
    sse.link.open()
    expect(driver.connection.status).toBe('polling')
  })

  it('S0-53: rejects after 3 s in which nobody answered', async () => {
    const { driver, clock } = rig()
    const failed = driver.connect().catch((error: unknown) => error)
    await clock.advance(3_000)
    expect(await failed).toMatchObject({ code: 'NETWORK_ERROR', message: 'the server could not be reached' })
  })

  it('rejects with the code of a refusal, which the connection bears, too', async () => {
    const { driver, socket, clock, news } = rig()
    const connected = driver.connect()
    const why = { code: 'UNAUTHENTICATED', message: ERRORS.UNAUTHENTICATED.sentence }
    socket.link.drop(why)
    await expect(connected).rejects.toMatchObject(why)
    expect(driver.connection).toEqual({ status: 'refused', transport: null, refusal: why })
    await clock.advance(120_000)
    expect([socket.links.length, clock.pending]).toEqual([1, 0])
    expect(news()).toEqual(['connecting', 'refused'])
    driver.ensure() // a new watch asks once more
    expect([socket.links.length, driver.connection.status]).toEqual([2, 'connecting'])
  })

  it('rejects once it is closed, and while it is being closed', async () => {
    const { driver } = rig()
    const dialling = driver.connect().catch((error: Error) => error.message)
    driver.close()
    expect(await dialling).toBe('the client was closed')
    await expect(driver.connect()).rejects.toThrow('make a new one')
  })
})

describe('what an app does while it is asked', () => {
  it('`auth` or `url` may close the client: what was being dialled is hung up', () => {
    const { driver, socket } = rig()
    const open = socket.open.bind(socket)
    vi.spyOn(socket, 'open').mockImplementation((listener) => {
      const link = open(listener)
      driver.close()
      return link
    })
    driver.ensure()
    expect([socket.links.length, socket.live.length, driver.connection.status]).toEqual([1, 0, 'closed'])
  })
})

describe('a row of failures', () => {
  it('S0-57, S0-64: tells once after the fifth, and goes on in the background', async () => {
    const { driver, socket, failAll, news } = rig({ ways: ['socket'] })
    driver.ensure()
    await failAll(socket, 4)
    expect(news()).not.toContain('connectionFailed')
    await failAll(socket, 1)
    expect(news()).toContain('connectionFailed')
    await failAll(socket, 4)
    expect(news()).toEqual([])
  })

  it('112: credentials that expired are asked for once more, and then it is over', () => {
    const { driver, socket } = rig({ mayRenew: true })
    driver.ensure()
    socket.link.open()
    socket.link.drop({ code: 'EXPIRED' })
    expect([socket.links.length, driver.connection.status]).toEqual([2, 'reconnecting'])
    socket.link.drop({ code: 'EXPIRED' })
    expect(driver.connection).toMatchObject({ status: 'refused', refusal: { code: 'EXPIRED' } })
  })
})
