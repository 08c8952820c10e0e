// The baseline: a server that is the seed's text carried out plainly, and a bare socket.io-client that shows what it hears.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { SeedlikeTracker } from '../bench/seedlike'
import { type Party, type Shown, settleable, type Watcher } from './party'

const DEADLINE_MS = 20_000
const EVENTS = ['progress-status', 'progress-update', 'progress-complete', 'progress-error', 'progress-cancelled']

/** Starts the baseline. */
export async function bare(): Promise<Party> {
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  const tracker = new SeedlikeTracker(io)
  io.on('connection', (socket) => {
    socket.on('join-progress', (id: string) => {
      void socket.join(`progress-${id}`)
      const session = tracker.getSession(id)
      if (session) socket.emit('progress-status', session)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    port: (http.address() as AddressInfo).port,
    deadlineMs: DEADLINE_MS,
    make: (id) => tracker.createSessionWithId(id),
    step: (id, step) => tracker.updateProgress(id, step, String(step)),
    end: (id, ending) =>
      ending === 'complete' ? tracker.completeSession(id) : tracker.errorSession(id, 'no such column'),
    watch: (id, url) => new BareWatcher(id, url),
    // It keeps no history that a state could be held against.
    untrue: () => [],
    leftovers: async () => [],
    async [Symbol.asyncDispose]() {
      await io.close()
      http.closeAllConnections()
    },
  }
}

/** What a plain client hears is what it shows. It joins anew whenever it is connected. */
export class BareWatcher implements Watcher {
  readonly shown: Shown[] = []
  readonly broken: readonly string[] = []
  readonly #told: Shown[] = []
  readonly ends = [this.#told]
  readonly #first = settleable()
  readonly #right = settleable<number>()
  readonly first = this.#first.promise
  readonly right = this.#right.promise
  readonly #socket: Socket

  constructor(id: string, url: string) {
    this.#socket = connect(url, { transports: ['websocket'], forceNew: true, auth: { token: id } })
    this.#socket.on('connect', () => this.#socket.emit('join-progress', id, {}))
    for (const event of EVENTS) this.#socket.on(event, (payload: Heard) => this.hear(payload))
  }

  /** Shows it. */
  hear(payload: Heard): void {
    const state = stateOf(payload)
    this.shown.push(state)
    this.#first.settle()
    if (state.status === 'active') return
    this.#told.push(state)
    this.#right.settle(performance.now())
  }

  /** There is nothing to leave: it goes on showing what it hears. */
  again(): void {}

  close(): void {
    this.#socket.close()
  }
}

/** Of the seed's server there is no position: its steps are numbered by their messages, and its end comes after all of them. */
export type Heard =
  | Shown
  | { readonly sessionId?: string; readonly id?: string; readonly status?: string; readonly message?: string }

const AFTER_ALL = 1_000_000

function stateOf(payload: Heard): Shown {
  if ('epoch' in payload) return payload
  const { sessionId, id, status = 'active', message } = payload
  const isActive = status === 'active'
  return {
    sessionId: sessionId ?? id ?? '',
    epoch: 'seed',
    revision: isActive ? Number(message) : AFTER_ALL,
    status: isActive ? 'active' : 'completed',
  }
}
