// 10,000 updates of one session through a client, from the text off the line to the page's callback, beside a bare
// socket.io-client that is given the same text. No network: what a network adds is not ours.
import { createServer } from 'node:http'
import { WebSocketClient } from '@progress/client'
import { buildSnapshot } from '@progress/protocol/testing'
import { ProgressTracker, serveProgress } from '@progress/server'
import { Server } from 'socket.io'
import { io as connectBare, type Socket } from 'socket.io-client'
import { freePort } from '../support/freePort'
import { compare } from './measure'
import { figure, printTable } from './table'

const EVENTS = 10_000
const PAIRS = 40
/** Packets that a line brings within one turn of the loop. */
const AT_ONCE = 50
const BOUND_NS = 1_000

interface Inside {
  readonly engine: { emitReserved(event: 'data', text: string): void }
}

const port = await freePort()
const http = createServer()
const tracker = new ProgressTracker(new Server(http))
const progress = serveProgress(tracker, { authenticate: ({ token }) => (token ? { userId: token } : null) })
await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${port}`
const id = tracker.createSession({ operation: 'csv-import', filename: 'customers.csv' }, { owner: 'ada' })

const client = new WebSocketClient({ url, auth: () => 'ada' })
const watch = client.watch(id)
await new Promise<void>((resolve) => {
  const stop = watch.subscribe(({ status }) => {
    if (status !== 'active') return
    resolve()
    queueMicrotask(() => stop())
  })
})
const bare = connectBare(url, {
  transports: ['websocket'],
  auth: { token: 'ada' },
  forceNew: true,
  reconnection: false,
})
await new Promise<void>((resolve) => bare.once('connect', resolve))

let heard = 0
function hear(): void {
  heard += 1
}
watch.subscribe(hear)
bare.on('progress-update', hear)

let revision = 100
const start = watch.state
/** The text of the next 10,000 updates. */
function texts(): readonly string[] {
  const known = 'epoch' in start ? start : buildSnapshot()
  return Array.from({ length: EVENTS }, () => {
    revision += 1
    const payload = { ...known, revision, progress: (revision % 1_000) / 10, message: `Row ${revision} of 1000000` }
    return `2${JSON.stringify(['progress-update', payload])}`
  })
}

/** Gives them to a socket, as its engine would, some at a time; resolves when the last one has reached the callback. */
async function feed(socket: Socket, some: readonly string[]): Promise<void> {
  const { engine } = socket.io as unknown as Inside
  heard = 0
  for (let from = 0; from < some.length; from += AT_ONCE) {
    for (const line of some.slice(from, from + AT_ONCE)) engine.emitReserved('data', line)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  if (heard !== EVENTS) throw new Error(`${heard} of ${EVENTS} have reached the callback`)
}

let lines: readonly string[] = []
const { oursNs, baselineNs } = await compare(
  EVENTS,
  PAIRS,
  () => feed(client.socket, lines),
  () => feed(bare, lines),
  () => {
    lines = texts()
  },
)
const beyondNs = oursNs - baselineNs
printTable(`${EVENTS.toLocaleString('en-US')} updates through one watch`, [
  {
    what: 'time of the client for one, from the text to the callback',
    ours: `${figure(oursNs / 1_000, 'us')}, that is ${figure(beyondNs / 1_000, 'us')} more`,
    baseline: `bare socket.io-client ${figure(baselineNs / 1_000, 'us')} (${PAIRS} pairs)`,
    bound: 'at most 1 us more',
    holds: beyondNs < BOUND_NS,
  },
])
client.close()
bare.close()
await progress.close()
http.close()
