// The far end of a link by Socket.IO: a bare server on a port of this machine, without anything of ours.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CommandName, ProgressBye } from '@progress/protocol/wire'
import { systemClock } from '@progress/protocol/wire'
import { Server, type Socket } from 'socket.io'
import type { FarLine, Heard, Luck, TransportAndServer } from '../conformance'
import { Address } from './address'
import { SocketDialer } from './socket'

/** Starts one, and the transport that leads to it. */
export async function farSocket(): Promise<TransportAndServer> {
  const lines: SocketLine[] = []
  let luck: Luck = 'taken'
  const http = createServer()
  const io = new Server(http, { allowRequest: (_, decide) => decide(null, luck !== 'broken') })
  io.use((_, next) =>
    next(typeof luck === 'object' ? Object.assign(new Error(luck.message), { data: luck }) : undefined),
  )
  io.on('connection', (socket) => lines.push(new SocketLine(socket)))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const address = new Address({ url, endpoint: '/api/progress', allowInsecure: false })
  const dialer = new SocketDialer({ address, path: '/socket.io', auth: undefined, changed: () => {} })
  return {
    transport: {
      '~transport': 1,
      clock: systemClock,
      onWake: () => () => {},
      open: (listener) => dialer.open(listener),
    },
    server: {
      lines,
      meet(next) {
        luck = next
      },
      close: () => io.close(),
    },
  }
}

class SocketLine implements FarLine {
  readonly heard: Heard[] = []
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.onAny((command: CommandName, ...said: unknown[]) => {
      const ack = said.at(-1)
      const isAsked = typeof ack === 'function'
      this.heard.push({
        command,
        args: isAsked ? said.slice(0, -1) : said,
        answer: (answer) => void (isAsked && ack(answer)),
      })
    })
  }

  get isOpen(): boolean {
    return this.#socket.connected
  }

  say(name: string, payload: unknown): void {
    this.#socket.emit(name, payload)
  }

  drop(): void {
    this.#socket.conn.close()
  }

  bye(why: ProgressBye): void {
    this.#socket.emit('progress-bye', why)
    this.#socket.disconnect(true)
  }
}
