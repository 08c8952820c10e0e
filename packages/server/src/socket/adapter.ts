// The adapter of a Socket.IO server comes in; whether it joins several processes, which then must share our state too, comes out.
import type { SocketServerLike } from './socketLike'

/** What only an adapter that speaks to other processes has its own of. */
const CROSSING = Object.freeze([
  'serverSideEmit',
  'serverCount',
  'fetchSockets',
  'addSockets',
  'delSockets',
  'disconnectSockets',
])

/**
 * Throws a `TypeError` where several processes share this server's clients and the tracker has a memory of its own: a viewer
 * that landed on another process would see nothing.
 */
export function requireSharedBackend(io: SocketServerLike, isShared: boolean): void {
  if (isShared || !spansProcesses(adapterOf(io))) return
  throw new TypeError(
    'This Socket.IO server has an adapter that spans several processes, and the tracker keeps its sessions in this one. ' +
      'Give the tracker what they share: `new ProgressTracker(io, { backend: redis(client) })`.',
  )
}

/** Told by what it overrides, not by its name: bundlers shorten names, and there may be two copies of socket.io-adapter. */
function spansProcesses(adapter: object | undefined): boolean {
  if (!adapter) return false
  const base = baseOf(adapter)
  const overrides = (name: string): boolean => Reflect.get(adapter, name) !== Reflect.get(base, name)
  // The in-memory adapter that recovers connections has a `broadcast` of its own, to keep what it sends.
  return CROSSING.some(overrides) || (overrides('broadcast') && !overrides('restoreSession'))
}

/** The class of socket.io-adapter from which all others descend: the last that has a `broadcast`. */
function baseOf(adapter: object): object {
  let base = adapter
  for (let next: object | null = adapter; next; next = Object.getPrototypeOf(next)) {
    if (Object.hasOwn(next, 'broadcast')) base = next
  }
  return base
}

function adapterOf(io: SocketServerLike): object | undefined {
  return (io as { readonly sockets?: { readonly adapter?: object } }).sockets?.adapter
}
