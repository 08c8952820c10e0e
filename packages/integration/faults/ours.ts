// Our side: a real Socket.IO server with a served tracker, and our client. A user has the name of the run, and sees no other.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Snapshot, type Watch, WebSocketClient } from '@progress/client'
import { ProgressTracker, serveProgress } from '@progress/server'
import { Server } from 'socket.io'
import { type Party, type Shown, settleable, type Watcher } from './party'
import type { Ending, Plan } from './plan'
import { Truth } from './truth'

/** How a watcher of our server is made; a twin brings another. */
export type MakeWatcher = (id: string, url: string, plan: Plan) => Watcher

/** How long a watcher that was cut off may take, with room to spare: the longest silence that it waits for is below that. */
const DEADLINE_MS = 60_000
/** Socket.IO's own patience with a client by long-polling that went away without a word: 45 s, and some. */
const CLOSED_MS = 50_000

/** Starts our side. */
export async function ours(
  makeWatcher: MakeWatcher = (id, url, plan) => new OurWatcher(id, url, plan),
): Promise<Party> {
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  const tracker = new ProgressTracker(io)
  const truth = new Truth(tracker)
  const progress = serveProgress(tracker, { authenticate: ({ token }) => (token ? { userId: token } : null) })
  http.on('request', (req, res) => {
    if (req.url?.startsWith('/api/progress')) progress.http(req, res)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const active = new Set<string>()
  return {
    port: (http.address() as AddressInfo).port,
    deadlineMs: DEADLINE_MS,
    make(id) {
      active.add(id)
      tracker.createSessionWithId(id, {}, { owner: id })
    },
    step: (id, step) => void tracker.updateProgress(id, step, `step ${step}`, { step, twice: 2 * step }),
    end: (id, ending) => end(tracker, id, ending),
    watch: makeWatcher,
    untrue(id, shown) {
      const words = truth.untrue(shown)
      truth.forget(id)
      return words
    },
    async leftovers() {
      const running = [...active].filter((id) => tracker.getSession(id)?.status === 'active')
      await until(() => io.sockets.sockets.size === 0, CLOSED_MS)
      const rooms = [...io.sockets.adapter.rooms.keys()]
      return [...running.map((id) => `${id} is active`), ...rooms.map((room) => `somebody is in ${room}`)]
    },
    async [Symbol.asyncDispose]() {
      await progress.close()
      await io.close()
      http.closeAllConnections()
    },
  }
}

function end(tracker: ProgressTracker, id: string, ending: Ending): void {
  if (ending === 'complete') tracker.completeSession(id, 'all done')
  else if (ending === 'fail') tracker.errorSession(id, 'no such column', { code: 'IMPORT_FAILED' })
  else tracker.cancelSession(id)
}

/** Our client, and what it shows. */
class OurWatcher implements Watcher {
  readonly shown: Shown[] = []
  readonly broken: string[] = []
  readonly #told: Shown[] = []
  readonly #called: Shown[] = []
  readonly ends = [this.#told, this.#called]
  readonly first: Promise<void>
  readonly right: Promise<number>
  readonly #first = settleable()
  readonly #right = settleable<number>()
  readonly #client: WebSocketClient
  readonly #id: string
  #watch: Watch

  constructor(id: string, url: string, { ways }: Plan) {
    this.#id = id
    this.#client = new WebSocketClient({ url, transport: ways, auth: () => id })
    for (const event of ['progressComplete', 'progressError', 'progressCancelled'] as const) {
      this.#client.on(event, (end: Snapshot) => this.#told.push(end))
    }
    this.first = this.#first.promise
    this.right = this.#right.promise
    this.#watch = this.#look()
  }

  again(): void {
    this.#watch.leave()
    this.#watch = this.#look()
  }

  close(): void {
    this.#client.close()
  }

  #look(): Watch {
    const watch = this.#client.watch(this.#id)
    watch.onEnd((end) => {
      if ('epoch' in end) this.#called.push(end)
    })
    watch.subscribe((state) => {
      if (state.status === 'gone' && state.code !== 'LEFT') this.broken.push(`gone was shown: ${state.code}`)
      if (!('epoch' in state) || state === this.shown.at(-1)) return // which a new watch begins with
      this.shown.push(state)
      this.#first.settle()
      if (state.status !== 'active') this.#right.settle(performance.now())
    })
    return watch
  }
}

async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  for (const end = Date.now() + withinMs; !isSo() && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
