// One of several servers that share a Redis: its own client, tracker and sockets, and the pages that watch through it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketClient } from '@progress/client'
import { type Backend, ProgressTracker, type Signal, serveProgress } from '@progress/server'
import { redis } from '@progress/server/redis'
import { Server } from 'socket.io'
import { onTestFinished } from 'vitest'
import { Recorder } from './recorder'
import { type AppClient, clientOf } from './redisClients'

/** How a node is made. */
export interface RedisNodeOptions {
  /** `ioredis` or `node-redis`. */
  readonly library: string
  /** Of Redis. */
  readonly url: string
  readonly prefix: string
  /** What the backend is handed in place of the client; for bugs and failures planted there. */
  readonly instead?: (client: AppClient['client']) => AppClient['client']
}

interface Parts {
  readonly backend: Backend
  readonly tracker: ProgressTracker
  readonly signals: readonly Signal[]
  readonly url: string
}

/** A server. It is closed after the test. */
export class RedisNode {
  readonly backend: Backend
  readonly tracker: ProgressTracker
  readonly signals: readonly Signal[]
  readonly url: string
  readonly #recorders: Recorder[] = []

  private constructor({ backend, tracker, signals, url }: Parts) {
    this.backend = backend
    this.tracker = tracker
    this.signals = signals
    this.url = url
  }

  /** Starts one, whether Redis is there or not. */
  static async start({ library, url, prefix, instead = (client) => client }: RedisNodeOptions): Promise<RedisNode> {
    const app = clientOf(library, url)
    const backend = redis(instead(app.client), { prefix })
    const http = createServer()
    const io = new Server(http, { serveClient: false })
    const signals: Signal[] = []
    const tracker = new ProgressTracker(io, { backend, onSignal: (signal) => signals.push(signal) })
    const progress = serveProgress(tracker, { authenticate: () => ({ userId: 'ada' }) })
    http.on('request', progress.http)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    const node = new RedisNode({ backend, tracker, signals, url: `http://127.0.0.1:${port}` })
    onTestFinished(async () => {
      for (const { client } of node.#recorders) client.close()
      await progress.close()
      await io.close()
      await backend.close()
      app.close()
    })
    return node
  }

  /** What the backend did not do, in the words of its failures. */
  get failures(): readonly string[] {
    return this.signals.flatMap((signal) => (signal.name === 'store-failed' ? [String(signal.cause)] : []))
  }

  /** A page that goes through this node. */
  page(): Recorder {
    const recorder = new Recorder(new WebSocketClient({ url: this.url, auth: () => 'ada' }))
    this.#recorders.push(recorder)
    return recorder
  }

  /** `ok` or `degraded`. */
  async health(): Promise<string> {
    const response = await fetch(`${this.url}/api/progress/health`)
    return ((await response.json()) as { status: string }).status
  }

  /** A session of ada's whose job reports its steps until it is stopped. */
  work(id: string, everyMs = 50): Work {
    this.tracker.createSessionWithId(id, {}, { owner: 'ada' })
    const work: Work = { id, step: 0, tookMs: [], stop: () => clearInterval(timer) }
    const timer = setInterval(() => {
      work.step += 1
      const start = performance.now()
      this.tracker.updateProgress(id, Math.min(99, work.step / 10), String(work.step))
      work.tookMs.push(performance.now() - start)
    }, everyMs)
    onTestFinished(work.stop)
    return work
  }
}

/** A job at work. */
export interface Work {
  readonly id: string
  step: number
  /** How long each report took. */
  readonly tookMs: number[]
  stop(): void
}
