// A client that a test plays by hand, and that counts who listens to it.
import { buildSnapshot } from '@progress/protocol/testing'
import type { ActiveSnapshot, CancelAnswer, Snapshot } from '@progress/protocol/wire'
import type { Connection } from '../connection/status'
import type { MyState, MyWatch, Watch } from '../sessions/watches'
import { type LogItem, WAITING, type WatchState } from '../sessions/watchState'
import type { ProgressClient } from './progressClient'

/** Somebody who listens to something. */
type Listener<T> = (value: T) => void

/** A client without a server. */
export interface FakeClient extends ProgressClient {
  /** How often each id is watched now. */
  readonly watched: ReadonlyMap<string, number>
  /** All listeners that somebody has, of watches, of lists and of the connection. */
  readonly listeners: number
  /** `watch(id, options)`, in order. */
  readonly asked: readonly string[]
  readonly cancelled: string[]
  /** What `cancel` answers. */
  answer: CancelAnswer
  set(id: string, state: WatchState): void
  /** An active snapshot with these fields. */
  run(id: string, fields?: Partial<ActiveSnapshot>): void
  log(id: string, ...items: LogItem[]): void
  mine(sessions: readonly Snapshot[]): void
  connect(status: Connection['status']): void
}

/** A client that waits for everything. */
export function createFakeClient(): FakeClient {
  const states = new Map<string, WatchState>()
  const logs = new Map<string, LogItem[]>()
  const watched = new Map<string, number>()
  const asked: string[] = []
  const cancelled: string[] = []
  const onState = new Map<string, Set<Listener<WatchState>>>()
  const onLog = new Map<string, Set<Listener<LogItem>>>()
  const onMine = new Set<Listener<MyState>>()
  const onConnection = new Set<Listener<Connection>>()
  let connection: Connection = { status: 'connected', transport: 'websocket' }
  let mine: MyState = { status: 'waiting', sessions: [] }
  let revision = 0

  const heard = <T>(map: Map<string, Set<Listener<T>>>, id: string): Set<Listener<T>> => {
    const listeners = map.get(id) ?? new Set()
    map.set(id, listeners)
    return listeners
  }
  const listen = <T>(listeners: Set<Listener<T>>, listener: Listener<T>): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const count = (id: string, by: number): void => {
    watched.set(id, (watched.get(id) ?? 0) + by)
    if (watched.get(id) === 0) watched.delete(id)
  }
  const watch = (id: string): Watch => {
    if (id.includes('/')) throw new TypeError(`'${id}' is not a session id`)
    asked.push(id)
    count(id, 1)
    let isLeft = false
    const leave = (): void => {
      if (isLeft) return
      isLeft = true
      count(id, -1)
    }
    return {
      id,
      get state() {
        return states.get(id) ?? WAITING
      },
      subscribe(listener) {
        listener(states.get(id) ?? WAITING)
        return listen(heard(onState, id), listener)
      },
      onLog(listener) {
        for (const item of logs.get(id) ?? []) listener(item)
        return listen(heard(onLog, id), listener)
      },
      async cancel() {
        cancelled.push(id)
        return fake.answer
      },
      leave,
      [Symbol.dispose]: leave,
    } as Watch
  }
  const fake: FakeClient = {
    ...{ watched, asked, cancelled, watch },
    answer: { ok: true },
    get connection() {
      return connection
    },
    get listeners() {
      const sizes = [...onState.values(), ...onLog.values(), onMine, onConnection].map(({ size }) => size)
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    watchMine() {
      count('(mine)', 1)
      const leave = (): void => count('(mine)', -1)
      const my: Pick<MyWatch, 'state' | 'subscribe' | 'leave'> = {
        get state() {
          return mine
        },
        subscribe(listener) {
          listener(mine)
          return listen(onMine, listener)
        },
        leave,
      }
      return Object.assign(my, { [Symbol.dispose]: leave }) as MyWatch
    },
    on: (_event, listener) => onConnection.add(listener),
    off: (_event, listener) => onConnection.delete(listener),
    set(id, state) {
      states.set(id, state)
      for (const listener of [...heard(onState, id)]) listener(state)
    },
    run(id, fields = {}) {
      revision += 1
      fake.set(id, buildSnapshot('active', { sessionId: id, revision, ...fields }))
    },
    log(id, ...items) {
      logs.set(id, [...(logs.get(id) ?? []), ...items])
      for (const item of items) for (const listener of [...heard(onLog, id)]) listener(item)
    },
    mine(sessions) {
      mine = { status: 'ready', sessions }
      for (const listener of [...onMine]) listener(mine)
    },
    connect(status) {
      connection = { status, transport: status === 'connected' ? 'websocket' : null }
      for (const listener of [...onConnection]) listener(connection)
    },
  }
  return fake
}
