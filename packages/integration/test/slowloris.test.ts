// Clients that send a byte now and then: they are cut off, and nobody else notices. The deadlines are the app's own; here
// they are short.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import { Server } from 'socket.io'
import { io as connectClient } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { connected } from '../support/heard'

const http = createServer({ headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 })
const io = new Server(http, { pingInterval: 300, pingTimeout: 300, connectTimeout: 600, maxHttpBufferSize: 16_384 })
const tracker = new ProgressTracker(io)
const progress = serveProgress(tracker, { authenticate: tokenAuth({ verify: (token) => ({ userId: token }) }) })
http.on('request', (req, res) => {
  if (req.url?.startsWith('/api/progress')) progress.http(req, res)
})
const listening = new Promise<number>((resolve) => {
  http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
})
const open: Socket[] = []

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
})

/**
 * Sends `head`, then a byte of `drip` every 20 ms, until it is cut off, or `enough` bytes have gone; answers how many were
 * taken, and whether it is still connected.
 */
async function trickle(port: number, head: string, drip: string, enough = Number.POSITIVE_INFINITY) {
  const socket = connect(port, '127.0.0.1')
  open.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(head)
  socket.resume()
  const isOver = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (socket.destroyed || socket.bytesWritten - head.length >= enough) resolve(clearInterval(timer))
      else socket.write(drip)
    }, 20)
  })
  await isOver
  return { bytes: socket.bytesWritten, isConnected: !socket.destroyed }
}

const POLL = 'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 15000\r\n\r\n'
const UPGRADE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n')

describe('a client that trickles', () => {
  it.each([
    ['its headers', 'GET /api/progress/x HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'x'],
    ['the body of a poll', POLL, 'x'],
    ['the frames of a WebSocket', `${UPGRADE}\u0081\u00fe`, '\u0000'],
  ])('49: %s is cut off, having held next to nothing', async (_what, head, drip) => {
    const port = await listening
    const healthy = connectClient(`http://127.0.0.1:${port}`, { transports: ['websocket'], auth: { token: 'ada' } })
    await connected(healthy)
    const id = tracker.createSession({}, { owner: 'ada' })
    const trickled = trickle(port, head, drip)
    const answer: unknown = await healthy.emitWithAck('join-progress', id, {})
    expect(answer).toMatchObject({ success: true })
    const { bytes, isConnected } = await trickled
    expect(bytes).toBeLessThan(64 * 1_024)
    expect(isConnected).toBe(false)
    expect(healthy.connected).toBe(true)
    healthy.close()
  })

  it('49: twin: is listened to for as long as it likes where the app has switched its deadlines off', async () => {
    const patient = createServer({ headersTimeout: 0, requestTimeout: 0 })
    await new Promise<void>((resolve) => patient.listen(0, '127.0.0.1', resolve))
    const { port } = patient.address() as AddressInfo
    const bytesOfTwiceTheDeadline = (2 * 600) / 20
    const head = 'GET /api/progress/x HTTP/1.1\r\nHost: x\r\nX-Slow: '
    expect(await trickle(port, head, 'x', bytesOfTwiceTheDeadline)).toMatchObject({ isConnected: true })
    patient.closeAllConnections()
    patient.close()
  })
})
