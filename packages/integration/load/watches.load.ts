// 91: one page that watches and leaves thousands of times, every tenth time until it was told how the session stands: what that
// leaves on its socket, in its memory and on the server, beside bare socket.io-client where `off` was forgotten.
import { WebSocketClient } from '@progress/client'
import { io, type Socket } from 'socket.io-client'
import { heapUsed } from '../bench/measure'
import { pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { Hosted } from './hosted'
import { listenersOf } from './listenersOf'

const COUNT = pick(100_000, 10_000)
const SESSIONS = 100
const STAYS_EVERY = 10

/** A page: `visit` watches a session and leaves it again, after it was told of it where it `stays`. */
interface Page {
  readonly socket: Socket
  visit(id: string, stays: boolean): Promise<void>
  close(): void
}

async function ourPage(url: string): Promise<Page> {
  const client = new WebSocketClient({ url, auth: () => 'ada' })
  await client.connect()
  return {
    socket: client.socket,
    async visit(id, stays) {
      const watch = client.watch(id)
      watch.onEnd(() => {})
      watch.onLog(() => {})
      await new Promise<void>((resolve) => {
        watch.subscribe(({ status }) => status === 'active' && resolve())
        if (!stays) resolve()
      })
      watch.leave()
    },
    close: () => client.close(),
  }
}

async function barePage(url: string): Promise<Page> {
  const socket = io(url, { auth: { token: 'ada' }, transports: ['websocket'] })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return {
    socket,
    async visit(id, stays) {
      const bar = { id, progress: 0 }
      socket.on('progress-update', (state: { sessionId: string; progress: number }) => {
        if (state.sessionId === bar.id) bar.progress = state.progress
      })
      socket.on('progress-complete', ({ sessionId }: { sessionId: string }) => {
        if (sessionId === bar.id) bar.progress = 100
      })
      const answered = new Promise((resolve) => socket.emit('join-progress', id, {}, resolve))
      if (stays) await answered
      socket.emit('leave-progress', id)
    },
    close: () => void socket.close(),
  }
}

async function visited(kind: 'ours' | 'bare') {
  using host = await Hosted.start({ kind })
  const { ids } = await host.ask({ kind: 'make', count: SESSIONS, bytes: 0 })
  const page = await (kind === 'ours' ? ourPage : barePage)(host.url)
  const visit = async (times: number) => {
    for (let n = 0; n < times; n++) await page.visit(ids[n % SESSIONS] ?? '', n % STAYS_EVERY === 0)
    await page.visit(ids[0] ?? '', true) // all before it has arrived
  }
  await visit(1_000) // until the code is warm
  const before = { ...(await host.look()), listeners: listenersOf(page.socket), own: heapUsed() }
  await visit(COUNT)
  const { look } = await host.until(({ rooms }) => rooms === before.rooms, 5_000)
  const listeners = listenersOf(page.socket) - before.listeners
  const grown = heapUsed() - before.own
  page.close()
  return { listeners, grown, rooms: look.rooms - before.rooms }
}

// One after the other, for both are in this process.
const ours = await visited('ours')
const bare = await visited('bare')
printTable(`91: ${figure(COUNT)} times watched and left, over one socket`, [
  {
    what: 'more listeners on the socket than before',
    ours: figure(ours.listeners),
    baseline: `bare, without \`off\` ${figure(bare.listeners)}`,
    bound: '0',
    holds: ours.listeners === 0 && bare.listeners >= COUNT,
  },
  {
    what: 'heap of the page grown',
    ours: figure(ours.grown / 2 ** 20, 'MB'),
    baseline: `bare, without \`off\` ${figure(bare.grown / 2 ** 20, 'MB')}`,
    bound: 'under 1 MB',
    holds: ours.grown < 2 ** 20,
  },
  {
    what: 'more rooms on the server than before',
    ours: figure(ours.rooms),
    baseline: `bare ${figure(bare.rooms)}`,
    bound: '0',
    holds: ours.rooms === 0,
  },
])
