// The commands over a real server: what clients send, well formed or not, and what they can never see.
import { type CommandAnswer, positionOf } from '@progress/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RawClient } from '../support/rawClient'
import { RealServer } from '../support/realServer'

const ID = 'import-1'
const ROOM = `progress-${ID}`
const BENS = 'import-2'

let server: RealServer
const raws: RawClient[] = []

beforeEach(async () => {
  server = await RealServer.start()
  server.tracker.createSessionWithId(ID, { operation: 'import' }, { owner: 'ada' })
  server.tracker.createSessionWithId(BENS, { operation: 'import' }, { owner: 'ben' })
})

afterEach(async () => {
  for (const raw of raws.splice(0)) raw.close()
  await server.close()
})

async function raw(userId: string | null): Promise<RawClient> {
  const client = await RawClient.open(server.port, userId === null ? null : { token: userId })
  raws.push(client)
  await expect.poll(() => client.messages.length).toBeGreaterThan(userId === null ? 0 : 1)
  return client
}

describe('a real client', () => {
  it('joins, hears, syncs, lists, leaves and goes, and nothing of it stays', async () => {
    const client = await server.connect('ada')
    const heard: unknown[] = []
    client.on('progress-update', (snapshot) => heard.push(snapshot))
    const joined: CommandAnswer<'join-progress'> = await client.emitWithAck('join-progress', ID)
    expect(joined).toMatchObject({ success: true, status: { sessionId: ID } })
    server.tracker.updateProgress(ID, 40)
    await expect.poll(() => heard).toMatchObject([{ progress: 40 }])
    const held = 'status' in joined ? positionOf(joined.status) : ''
    expect(await client.emitWithAck('sync-progress', { [ID]: held }, {})).toMatchObject({
      snapshots: [{ progress: 40 }],
    })
    expect(await client.emitWithAck('list-progress', undefined)).toMatchObject({ sessions: [{ sessionId: ID }] })
    expect(server.rooms).toEqual([ROOM, 'progress-owner-ada'].sort())
    expect(await client.emitWithAck('leave-progress', ID)).toEqual({ success: true })
    expect(server.rooms).toEqual(['progress-owner-ada'])
    client.close()
    await expect.poll(() => server.size).toBe(0)
    expect(server.rooms).toEqual([])
  })

  it('that connects and goes on one engine connection again and again leaves no listener on it', async () => {
    const client = await raw('ada')
    const [socket] = [...server.io.sockets.sockets.values()]
    const engine = socket?.conn as unknown as { listenerCount(event: string): number }
    const before = engine.listenerCount('packetCreate')
    for (let n = 0; n < 20; n++) {
      client.send('41')
      await expect.poll(() => server.size, { interval: 1 }).toBe(0)
      client.send('40{"token":"ada"}')
      await expect.poll(() => server.size, { interval: 1 }).toBe(1)
    }
    expect(engine.listenerCount('packetCreate')).toBe(before)
  })

  it('73: never hears of a session of somebody else, whose id it knows', async () => {
    const spy = await server.connect('ada')
    const owner = await server.connect('ben')
    const heard: unknown[] = []
    spy.onAny((...event) => heard.push(event))
    const foreign = await spy.emitWithAck('join-progress', BENS)
    const unknown = await spy.emitWithAck('join-progress', 'nowhere')
    expect(JSON.stringify(foreign)).toBe(JSON.stringify(unknown))
    spy.emit('join-progress', BENS)
    await owner.emitWithAck('join-progress', BENS)
    let last = 0
    owner.on('progress-update', ({ progress }) => {
      last = progress
    })
    for (let n = 1; n <= 100; n++) {
      server.tracker.updateProgress(BENS, n / 2)
      await server.clock.advance(100)
    }
    await expect.poll(() => last).toBe(50)
    await spy.emitWithAck('leave-progress', BENS) // behind all that might have been sent
    expect(heard).toEqual([])
    expect(server.membersOf(`progress-${BENS}`)).toBe(1)
  })

  it('48: that guesses ids is answered the same each time, and no log names them', async () => {
    const spy = await server.connect('ada')
    const answers = new Set<string>()
    for (let n = 0; n < 100; n++) {
      const id = `guess-${n}`
      answers.add(JSON.stringify(await spy.emitWithAck('join-progress', id)))
      await spy.emitWithAck('leave-progress', id)
    }
    expect(answers.size).toBe(1)
    expect(JSON.stringify(server.signals)).not.toContain('guess-')
  })
})

describe('what no client of ours would send', () => {
  it.each([
    '42["join-progress"]',
    '42["join-progress",{"toString":1}]',
    '42["join-progress",[{"toString":1}]]',
    '42["join-progress",{"valueOf":null}]',
    '42["join-progress",null,null,null]',
    '42["join-progress",{"__proto__":{"polluted":1}}]',
    '42["sync-progress",{"constructor":{"prototype":{"polluted":1}}}]',
    `42["join-progress",${'['.repeat(7_000)}${']'.repeat(7_000)}]`,
    `42["join-progress","${'x'.repeat(15_000)}"]`,
    '42["join-progress","../../etc"]',
    '42["join-progress","a\\u0000b"]',
  ])('36, 37, 38, 45: is refused, and joins nothing: %.40s', async (text) => {
    const client = await raw('ada')
    client.send(text)
    await expect.poll(() => client.heard('application-error')).toMatchObject([{ code: 'BAD_REQUEST' }])
    client.emit(['join-progress', ID], 7)
    await expect.poll(() => client.messages.some((message) => message.startsWith('437['))).toBe(true)
    expect(server.rooms).toEqual([ROOM])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('39: is passed over where the event is unknown, a number, or "error"', async () => {
    const client = await raw('ada')
    client.emit(['no-such-event', 1])
    client.emit([7, 1])
    client.emit(['error', 'x'])
    client.emit(['join-progress', ID], 1)
    await expect.poll(() => client.messages.some((message) => message.startsWith('431['))).toBe(true)
    expect(client.closed).toBe(false)
  })

  it.each([
    ['a reserved event', '42["disconnecting"]'],
    ['an unknown packet', '9hello'],
    ['an unknown Socket.IO packet', '49'],
    ['broken JSON', '42["join-progress"'],
    ['a forged attachment', '451-["join-progress",{"_placeholder":true,"num":9}]'],
    ['eleven attachments', '4511-["join-progress"]'],
    ['a frame over the limit', `42["join-progress","${'x'.repeat(17_000)}"]`],
    ['invalid UTF-8', Buffer.from([0x34, 0x32, 0xff, 0xfe])],
  ])('39, 40, 41, 42: ends that connection, and no other: %s', async (_, text) => {
    const other = await server.connect('ada')
    const client = await raw('ada')
    client.send(text)
    client.send(text) // an attachment is missed only by what comes next
    await expect.poll(() => client.closed).toBe(true)
    expect((await other.emitWithAck('join-progress', ID)).success).toBe(true)
    await expect.poll(() => server.size).toBe(1)
  })

  it('40: ends the connection where an event comes before its CONNECT, or CONNECT comes twice', async () => {
    const early = await raw(null)
    early.emit(['join-progress', ID])
    await expect.poll(() => early.closed).toBe(true)
    const twice = await raw('ada')
    twice.send('40{"token":"ben"}')
    await expect.poll(() => twice.closed).toBe(true)
    await expect.poll(() => server.size).toBe(0)
  })
})

describe('a flood of joins', () => {
  it('46, 47: is answered until it is cut off, and leaves no room', async () => {
    const client = await server.connect('ada')
    const bye = new Promise((resolve) => client.once('progress-bye', resolve))
    const gone = new Promise((resolve) => client.once('disconnect', resolve))
    for (let n = 0; n < 10_000; n++) client.emit('join-progress', `id-${n}`)
    expect(await bye).toEqual({ code: 'LIMIT', retryAfterMs: 60_000 })
    expect(await gone).toBe('io server disconnect')
    await expect.poll(() => server.size).toBe(0)
    expect(server.rooms).toEqual([])
    expect(server.signals.filter(({ name }) => name === 'refused').length).toBeLessThan(1_200)
  })

  it('47: twin: makes a room for each where a handler joins whatever it is told', async () => {
    const stock = await RealServer.start({ served: false })
    const client = await stock.connect('ada')
    for (let n = 0; n < 10_000; n++) client.emit('join-progress', `id-${n}`)
    await expect.poll(() => stock.rooms.length, { timeout: 10_000 }).toBe(10_000)
    await stock.close()
  })
})

describe('a join whose right is asked for slowly', () => {
  const steps = ['leave', 'disconnect', 'revoke'] as const

  it.each(steps)('79, 80: comes to nothing where a %s overtakes it', async (step) => {
    await server.close()
    let answer = (_may: boolean): void => {}
    let asked = 0
    server = await RealServer.start({
      authorize: () => {
        asked += 1
        return new Promise<boolean>((resolve) => {
          answer = resolve
        })
      },
    })
    server.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
    const client = await server.connect('ada')
    const heard: string[] = []
    client.onAny((event) => heard.push(event))
    client.emit('join-progress', ID)
    await expect.poll(() => asked).toBe(1)
    if (step === 'leave') expect(await client.emitWithAck('leave-progress', ID)).toEqual({ success: true })
    if (step === 'disconnect') client.disconnect()
    if (step === 'revoke') await server.progress?.revoke({ userId: 'ada' })
    if (step !== 'leave') await expect.poll(() => server.size).toBe(0)
    answer(true)
    await new Promise((resolve) => setImmediate(resolve))
    server.tracker.updateProgress(ID, 50)
    server.tracker.completeSession(ID)
    if (step === 'leave') await client.emitWithAck('leave-progress', ID) // behind all that might have been sent
    expect(server.rooms).toEqual([])
    expect(heard.filter((event) => event !== 'progress-bye')).toEqual([])
  })
})
