// 92: a component that is mounted and unmounted a thousand times, each time until it shows how its session stands: the sockets that
// this opens and the listeners it leaves, beside the hook that people write first, with a socket for each mount.
import { WebSocketClient } from '@progress/client'
import { ProgressProvider, useProgress } from '@progress/client/react'
import { Window } from 'happy-dom'
import { createElement, type ReactElement, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { io } from 'socket.io-client'
import { pick } from '../bench/short'
import { figure, printTable } from '../bench/table'
import { Hosted } from './hosted'
import { listenersOf } from './listenersOf'

const COUNT = pick(1_000, 100)

const window = new Window()
Object.assign(globalThis, { window, document: window.document })

/** What a component is given: it shows the session, and says so. */
interface Shown {
  readonly id: string
  readonly onShown: () => void
}

function Ours({ id, onShown }: Shown): ReactElement {
  const { status, progress } = useProgress(id)
  useEffect(() => {
    if (status === 'active') onShown()
  }, [status, onShown])
  return createElement('progress', { value: progress })
}

function useSocketOfItsOwn(url: string, id: string): { readonly progress: number } | undefined {
  const [state, setState] = useState<{ readonly progress: number }>()
  useEffect(() => {
    const socket = io(url, { auth: { token: 'ada' }, transports: ['websocket'], forceNew: true })
    socket.on('connect', () => {
      socket.emit('join-progress', id, {}, (answer: { session: { progress: number } }) => setState(answer.session))
    })
    socket.on('progress-update', setState)
    return () => void socket.disconnect()
  }, [url, id])
  return state
}

function Naive({ url, id, onShown }: Shown & { readonly url: string }): ReactElement {
  const state = useSocketOfItsOwn(url, id)
  useEffect(() => {
    if (state) onShown()
  }, [state, onShown])
  return createElement('progress', { value: state?.progress ?? 0 })
}

/** Mounts and unmounts it so many times; answers how many sockets the server has seen, and the milliseconds of each mount. */
async function mounted(host: Awaited<ReturnType<typeof Hosted.start>>, element: (shown: Shown) => ReactElement) {
  const { ids } = await host.ask({ kind: 'make', count: 1, bytes: 0 })
  const root = createRoot(document.createElement('div'))
  const start = performance.now()
  for (let time = 0; time < COUNT; time++) {
    await new Promise<void>((onShown) => flushSync(() => root.render(element({ id: ids[0] ?? '', onShown }))))
    flushSync(() => root.render(null))
  }
  const eachMs = (performance.now() - start) / COUNT
  flushSync(() => root.unmount())
  const { look } = await host.until(({ rooms, sockets }) => rooms === sockets, 5_000) // but for the room that each socket is
  return { sockets: look.entered, rooms: look.rooms - look.sockets, eachMs }
}

using ourHost = await Hosted.start({ kind: 'ours' })
using bareHost = await Hosted.start({ kind: 'bare' })
const client = new WebSocketClient({ url: ourHost.url, auth: () => 'ada' })
await client.connect()
const listening = new Set<unknown>()
const { on, off } = client
Object.assign(client, {
  on(...given: Parameters<typeof on>) {
    listening.add(given[1])
    return on.apply(client, given)
  },
  off(...given: Parameters<typeof off>) {
    listening.delete(given[1])
    return off.apply(client, given)
  },
})
const before = listenersOf(client.socket)
const ours = await mounted(ourHost, (shown) => createElement(ProgressProvider, { client }, createElement(Ours, shown)))
const left = { socket: listenersOf(client.socket) - before, client: listening.size }
client.close()
const { url } = bareHost
const bare = await mounted(bareHost, (shown) => createElement(Naive, { url, ...shown }))

printTable(`92: a component mounted and unmounted ${figure(COUNT)} times`, [
  {
    what: 'sockets opened',
    ours: figure(ours.sockets),
    baseline: `a socket for each mount ${figure(bare.sockets)}`,
    bound: '1',
    holds: ours.sockets === 1 && bare.sockets >= COUNT,
  },
  {
    what: 'listeners left on the socket, and on the client',
    ours: `${left.socket}, ${left.client}`,
    baseline: 'they go with their sockets',
    bound: '0, 0',
    holds: left.socket === 0 && left.client === 0,
  },
  {
    what: 'rooms left on the server',
    ours: figure(ours.rooms),
    baseline: `a socket for each mount ${figure(bare.rooms)}`,
    bound: '0',
    holds: ours.rooms === 0,
  },
  {
    what: 'from the mount until it shows how the session stands',
    ours: figure(ours.eachMs, 'ms'),
    baseline: `a socket for each mount ${figure(bare.eachMs, 'ms')}`,
  },
])
