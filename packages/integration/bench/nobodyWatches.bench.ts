// A session that nobody watches, over a real server: nothing of it is encoded, beside a bare emit into a room without members.
import { createServer } from 'node:http'
import { ProgressTracker, serveProgress, tokenAuth } from '@progress/server'
import { Server } from 'socket.io'
import { printTable } from './table'

const UPDATES = 100

const io = new Server(createServer())
const tracker = new ProgressTracker(io, { throttleMs: 1 })
const progress = serveProgress(tracker, { authenticate: tokenAuth({ verify: (token) => ({ userId: token }) }) })

let encoded = 0
const { adapter } = io.of('/')
const encoder = (adapter as unknown as { readonly encoder: { encode(packet: unknown): unknown } }).encoder
const encode = encoder.encode.bind(encoder)
encoder.encode = (packet) => {
  encoded += 1
  return encode(packet)
}

/** Encodings for so many updates and an end. */
async function encodings(update: (step: number) => unknown, end: () => unknown): Promise<number> {
  encoded = 0
  for (let step = 0; step < UPDATES; step++) {
    update(step)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  end()
  return encoded
}

const lonely = tracker.createSession({ operation: 'lonely' }, { owner: 'ada' })
const payload = tracker.getSession(lonely)
const ours = await encodings(
  (step) => tracker.updateProgress(lonely, step),
  () => tracker.completeSession(lonely),
)
const bare = await encodings(
  (step) => io.to('nobody').emit('progress-update', { ...payload, progress: step }),
  () => io.to('nobody').emit('progress-complete', payload),
)
printTable('Nobody watches', [
  {
    what: `packets encoded for ${UPDATES} updates and an end`,
    ours: String(ours),
    baseline: `bare emit ${bare}`,
    bound: '0, and more without us',
    holds: ours === 0 && bare > UPDATES,
  },
])
await progress.close()
await io.close()
