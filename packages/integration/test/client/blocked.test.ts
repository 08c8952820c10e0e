// Somebody on the way lets no WebSocket through, or nothing of Socket.IO, or nobody is there at all.
import { io } from 'socket.io-client'
import { describe, it } from 'vitest'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 10 })

describe.concurrent('a line that lets no WebSocket through', () => {
  it('107: where the 101 never comes the state is there within 5 s, and the status says polling', async ({
    expect,
  }) => {
    await using site = await Site.start()
    site.proxy.faults = { block: 'websocket' }
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    expect(recorder.client.connection).toEqual({ status: 'polling', transport: 'sse' })
    site.tracker.completeSession(id)
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it('107, without our fallback: a bare socket.io-client has nothing after 5 s', async ({ expect }) => {
    await using site = await Site.start()
    site.proxy.faults = { block: 'websocket' }
    const id = site.session()
    const bare = io(site.url, { transports: ['websocket', 'polling'], auth: { token: 'ada' }, forceNew: true })
    const heard: unknown[] = []
    bare.onAny((...event) => heard.push(event))
    bare.on('connect', () => bare.emit('join-progress', id))
    await expect(expect.poll(() => heard, within(5_000)).toHaveLength(1)).rejects.toThrow()
    bare.close()
  })

  it('S0-55, S0-75, S0-76: where it is refused, Socket.IO polls, and says so', async ({ expect }) => {
    await using site = await Site.start()
    site.proxy.faults = { answer: ({ isUpgrade }) => (isUpgrade ? { status: 403, body: 'no' } : undefined) }
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await recorder.client.connect()
    expect(recorder.client.socket.io.engine.transport.name).toBe('polling')
    expect(recorder.client.connection).toEqual({ status: 'connected', transport: 'long-polling' })
    site.tracker.updateProgress(id, 40)
    await expect.poll(() => watch.state.progress, within(2_000)).toBe(40)
    site.tracker.completeSession(id)
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
  })

  it('S0-76: on a good line it is a WebSocket', async ({ expect }) => {
    await using site = await Site.start()
    const { client } = site.client()
    await client.connect()
    expect(client.socket.io.engine.transport.name).toBe('websocket')
    expect(client.connection).toEqual({ status: 'connected', transport: 'websocket' })
  })

  it('107: where all of Socket.IO is reset, SSE is in use, and a socket as soon as one works', async ({ expect }) => {
    await using site = await Site.start()
    site.proxy.faults = { block: 'socket.io' }
    const id = site.session()
    const recorder = site.client()
    const watch = recorder.watch(id)
    await expect.poll(() => watch.state.status, within(2_000)).toBe('active')
    expect(recorder.client.connection).toEqual({ status: 'polling', transport: 'sse' })
    site.proxy.faults = {}
    await expect.poll(() => recorder.client.connection.status, within(8_000)).toBe('connected')
    site.tracker.completeSession(id)
    expect((await watch.finished).status).toBe('completed')
    expect(recorder.endsOf(id)).toBe(1)
  })
})

describe.concurrent('a server that is not there', () => {
  it('S0-53: connect() rejects, and what is watched comes when the server does', async ({ expect }) => {
    await using site = await Site.start({ isDown: true })
    await site.proxy.refuse()
    const recorder = site.client()
    const watch = recorder.watch('job')
    await expect(recorder.client.connect()).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
    expect(recorder.client.connection.status).toBe('reconnecting')
    await site.up()
    site.session('job')
    await site.proxy.admit()
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
    site.tracker.completeSession('job')
    expect((await watch.finished).status).toBe('completed')
  })

  it.for([
    ['a name that nobody has', () => 'https://nobody.invalid'],
    ['a TLS handshake that fails', ({ port }: Site) => `https://127.0.0.1:${port}`],
  ] as const)('35: %s is a dial that failed; the client says reconnecting', async ([, url], { expect }) => {
    await using site = await Site.start()
    let isRight = false
    const recorder = site.client({ url: () => (isRight ? site.url : url(site)) })
    const watch = recorder.watch(site.session())
    await expect(recorder.client.connect()).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
    expect(recorder.client.connection.status).toBe('reconnecting')
    isRight = true
    await expect.poll(() => watch.state.status, within(5_000)).toBe('active')
  })

  it('S0-53: connect() resolves at once where it stands, and rejects after close()', async ({ expect }) => {
    await using site = await Site.start()
    const { client } = site.client()
    await client.connect()
    await client.connect()
    client.close()
    await expect(client.connect()).rejects.toThrow('closed')
    expect(client.connection).toEqual({ status: 'closed', transport: null })
  })
})
