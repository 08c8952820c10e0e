// Adapters of one process and of several, made as the real ones are.
import { Adapter, ClusterAdapterWithHeartbeat, SessionAwareAdapter } from 'socket.io-adapter'
import { expect, it } from 'vitest'
import { requireSharedBackend } from './adapter'
import type { SocketServerLike } from './socketLike'

/** As the cluster, streams, Postgres and Mongo adapters are made. */
class Cluster extends ClusterAdapterWithHeartbeat {
  constructor(nsp: unknown) {
    super(nsp, {})
  }
  override doPublish(): Promise<string> {
    return Promise.resolve('')
  }
  override doPublishResponse(): Promise<void> {
    return Promise.resolve()
  }
}

/** As the Redis adapter is made. */
class Redis extends Adapter {
  override broadcast(): void {}
  override serverSideEmit(): void {}
}

/** As a small one is made: only what it needs is its own. */
class Minimal extends Adapter {
  override broadcast(): void {}
}

class Counting extends Adapter {
  override addAll(id: string, rooms: Set<string>): void {
    super.addAll(id, rooms)
  }
}

class Renamed extends SessionAwareAdapter {}

const namespace = { server: { encoder: {}, opts: { connectionStateRecovery: { maxDisconnectionDuration: 1 } } } }
const serverWith = (adapter: object | undefined) => ({ sockets: { adapter } }) as unknown as SocketServerLike

it.each([
  ['cluster', new Cluster(namespace)],
  ['Redis', new Redis(namespace)],
  ['minimal', new Minimal(namespace)],
])('a %s adapter needs a shared backend, and says what to write', (_, adapter) => {
  const io = serverWith(adapter)
  expect(() => requireSharedBackend(io, false)).toThrow(TypeError)
  expect(() => requireSharedBackend(io, false)).toThrow('new ProgressTracker(io, { backend: redis(client) })')
  expect(() => requireSharedBackend(io, true)).not.toThrow()
})

it.each([
  ['in-memory', new Adapter(namespace)],
  ['recovering', new SessionAwareAdapter(namespace)],
  ['extended', new Counting(namespace)],
  ['renamed', new Renamed(namespace)],
  ['missing', undefined],
])('an adapter of one process (%s) needs none', (_, adapter) => {
  expect(() => requireSharedBackend(serverWith(adapter), false)).not.toThrow()
})

it('a server that shows no adapter needs none', () => {
  expect(() => requireSharedBackend({} as SocketServerLike, false)).not.toThrow()
})
