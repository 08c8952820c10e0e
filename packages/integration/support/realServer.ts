// A real Socket.IO server on a free port of 127.0.0.1, served or left as it is, and real clients of it. Time stands still
// but for the sockets.
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ManualClock } from '@progress/protocol/testing'
import { type ProgressServer, ProgressTracker, type ServeOptions, type Signal, serveProgress } from '@progress/server'
import { Server } from 'socket.io'
import { type Socket as Client, io as connectClient } from 'socket.io-client'

/** How a test wants its server. */
export interface RealOptions extends Partial<Omit<ServeOptions, 'authenticate'>> {
  /** `false`: only the tracker, with the seed's own wiring of a join. For twins. Default true. */
  readonly served?: boolean
}

/** The server. A client's token is the name of its user. */
export class RealServer {
  readonly clock = new ManualClock()
  readonly signals: Signal[] = []
  readonly http: HttpServer = createServer()
  readonly io = new Server(this.http, { serveClient: false, maxHttpBufferSize: 16_384, connectTimeout: 2_000 })
  readonly tracker = new ProgressTracker(this.io, {
    clock: this.clock,
    onSignal: (signal) => this.signals.push(signal),
  })
  readonly progress: ProgressServer | undefined
  readonly #clients: Client[] = []

  private constructor({ served = true, ...options }: RealOptions) {
    if (served) {
      this.progress = serveProgress(this.tracker, {
        authenticate: ({ token }) => (token === undefined ? null : { userId: token }),
        ...options,
      })
    } else {
      this.io.on('connection', (socket) => {
        socket.on('join-progress', (id) => {
          void socket.join(`progress-${id}`)
          socket.emit('progress-status', this.tracker.getSession(id))
        })
      })
    }
  }

  /** Starts one. */
  static async start(options: RealOptions = {}): Promise<RealServer> {
    const server = new RealServer(options)
    server.http.listen(0, '127.0.0.1')
    await once(server.http, 'listening')
    return server
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port
  }

  /** Rooms of ours that somebody is in: those of the sockets themselves left out. */
  get rooms(): string[] {
    return [...this.io.sockets.adapter.rooms.keys()].filter((room) => room.startsWith('progress-')).sort()
  }

  /** How many sockets are in a room. */
  membersOf(room: string): number {
    return this.io.sockets.adapter.rooms.get(room)?.size ?? 0
  }

  /** How many connections there are. */
  get size(): number {
    return this.io.sockets.sockets.size
  }

  /** A real client, connected. */
  async connect(userId: string): Promise<Client> {
    const client = connectClient(`http://127.0.0.1:${this.port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: userId },
    })
    this.#clients.push(client)
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve)
      client.once('connect_error', reject)
    })
    return client
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
    await this.progress?.close()
    await this.tracker.close()
    await this.io.close()
  }
}
