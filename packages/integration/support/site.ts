// A real Express app with Socket.IO and a served tracker, behind a line that can be broken, and clients of it whose every step
// is written down. A client's token is the name of its user.
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import { type ClientOptions, WebSocketClient } from '@progress/client'
import {
  type Authenticator,
  type Backend,
  memory,
  type ProgressServer,
  ProgressTracker,
  serveProgress,
} from '@progress/server'
import express from 'express'
import { Server, type ServerOptions } from 'socket.io'
import { FaultProxy } from './faultProxy'
import { freePort } from './freePort'
import { Recorder } from './recorder'

/** How a site differs from the usual one. */
export interface SiteOptions {
  readonly authenticate?: Authenticator
  readonly io?: Partial<ServerOptions>
  /** What outlives a restart. Default: a memory that all servers of this site share. */
  readonly backend?: Backend
  /** Do not start the server yet. */
  readonly isDown?: boolean
  readonly connectionsPerUser?: number
}

/** A job at work. */
export interface Work {
  /** The last one that was reported. */
  step(): number
  stop(): void
}

const BY_NAME: Authenticator = ({ token }) => (token ? { userId: token } : null)

/** The server, the line to it, and those at its other end. Disposing ends all, and throws where a promise was broken. */
export class Site implements AsyncDisposable {
  readonly proxy: FaultProxy
  readonly #options: SiteOptions
  readonly #backend: Backend
  readonly #port: number
  readonly #recorders: Recorder[] = []
  readonly #tcp = new Set<Socket>()
  readonly #stops: (() => void)[] = []
  #running: Running | undefined

  private constructor(options: SiteOptions, port: number, proxy: FaultProxy) {
    this.#options = options
    this.#backend = options.backend ?? memory()
    this.#port = port
    this.proxy = proxy
  }

  /** Starts one. The proxy's chance goes by the seed. */
  static async start(options: SiteOptions = {}, seed = 1): Promise<Site> {
    const port = await freePort()
    const site = new Site(options, port, await FaultProxy.start(port, seed))
    if (!options.isDown) await site.up()
    return site
  }

  get tracker(): ProgressTracker {
    return this.#server.tracker
  }

  get io(): Server {
    return this.#server.io
  }

  /** The server's own port, beside the proxy. */
  get port(): number {
    return this.#port
  }

  /** Where clients go: through the proxy. */
  get url(): string {
    return this.proxy.url
  }

  /** A client of ada's, and who looks over its shoulder. */
  client(options: ClientOptions = {}): Recorder {
    const recorder = new Recorder(new WebSocketClient({ url: this.url, auth: () => 'ada', ...options }))
    this.#recorders.push(recorder)
    return recorder
  }

  /** A session of ada's. */
  session(id?: string): string {
    const owner = { owner: 'ada' }
    return id === undefined ? this.tracker.createSession({}, owner) : this.tracker.createSessionWithId(id, {}, owner)
  }

  /** A job at work on a session: each step has its number as its message. Stops with the site at the latest. */
  work(id: string, everyMs: number): Work {
    let step = 0
    const timer = setInterval(() => {
      step += 1
      this.#running?.tracker.updateProgress(id, Math.min(99, step / 10), String(step))
    }, everyMs)
    const stop = (): void => clearInterval(timer)
    this.#stops.push(stop)
    return { step: () => step, stop }
  }

  /** For what must not happen: some time passes. */
  quiet(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms))
  }

  /** Starts the server, always on the same port. */
  async up(): Promise<void> {
    const app = express()
    const http = createServer(app)
    http.on('connection', (socket: Socket) => {
      this.#tcp.add(socket)
      socket.once('close', () => this.#tcp.delete(socket))
    })
    const io = new Server(http, { serveClient: false, ...this.#options.io })
    const tracker = new ProgressTracker(io, { backend: this.#backend })
    const progress = serveProgress(tracker, {
      authenticate: this.#options.authenticate ?? BY_NAME,
      limits: { commandsPerMinute: 100_000, connectionsPerUser: this.#options.connectionsPerUser ?? 100 },
    })
    app.use('/api/progress', progress.http)
    http.listen(this.#port, '127.0.0.1')
    await once(http, 'listening')
    this.#running = { http, io, tracker, progress }
  }

  /** Drains and stops the server, as a deploy does. */
  async down(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (!running) return
    await running.progress.close()
    const closed = running.io.close()
    // What hangs in a hole would keep it open.
    for (const socket of this.#tcp) socket.destroySoon()
    await closed
  }

  /** Asks all clients to leave, and refuses new ones; it goes on listening. */
  async drain(): Promise<void> {
    await this.#server.progress.close()
  }

  /** Ends the server without a word: every connection is reset, and nobody listens. Its tracker is left to itself. */
  crash(): void {
    const { http } = this.#server
    http.close()
    for (const socket of this.#tcp) socket.resetAndDestroy()
    this.#running = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) stop()
    for (const { client } of this.#recorders) client.close()
    await this.proxy.close()
    await this.down()
    const violations = this.#recorders.flatMap((recorder) => recorder.violations)
    if (violations.length > 0) throw new Error(`the contract was broken: ${violations.join('; ')}`)
  }

  get #server(): Running {
    if (this.#running) return this.#running
    throw new Error('the server is down')
  }
}

interface Running {
  readonly http: HttpServer
  readonly io: Server
  readonly tracker: ProgressTracker
  readonly progress: ProgressServer
}
