// Several trackers on one store, as on several machines: each has a clock and a line to the store that can be cut.
import type { Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import type { Backend, Entry } from '../backend/contract'
import { memory } from '../backend/memory'
import type { Signal } from '../observe/signals'
import { ProgressTracker } from '../progressTracker'
import { over } from './over.test-support'
import { type Unruly, unruly } from './unruly.test-support'

/** One process. */
export interface Member {
  readonly tracker: ProgressTracker
  readonly clock: ManualClock
  readonly line: Unruly
  /** What its viewers would be told, in its order. */
  readonly facts: { readonly kind: 'made' | 'changed'; readonly entry: Entry }[]
  readonly logged: number[]
  readonly signals: Signal[]
  /** Calls to the store fail, and messages are missed. */
  cut(): void
  /** The line is back. */
  mend(): void
  /** The process is gone: its time stands still, and its line is dead. */
  kill(): void
}

/** Several processes and their store. */
export interface Cluster {
  readonly store: Backend
  readonly members: readonly Member[]
  /** Time passes, second by second, on all machines that live. */
  pass(ms: number): Promise<void>
}

/** Makes a cluster of so many processes. */
export function cluster(count: number): Cluster {
  const clock = new ManualClock()
  const store = memory({ clock })
  const dead = new Set<ManualClock>()
  const members: Member[] = []
  for (let index = 0; index < count; index++) {
    const own = new ManualClock(clock.now())
    members.push(member(store, own, () => dead.add(own)))
  }
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      const step = Math.min(1_000, left)
      await clock.advance(step)
      for (const { clock: own } of members) if (!dead.has(own)) await own.advance(step)
    }
  }
  return { store, members, pass }
}

function member(store: Backend, clock: ManualClock, onKill: () => void): Member {
  const gaps: (() => void)[] = []
  let isUp = true
  const listening = over(store, {
    listen: (hear, onGap) => {
      gaps.push(onGap)
      return store.listen((message) => (isUp ? hear(message) : undefined), onGap)
    },
  })
  const line = unruly(listening)
  const signals: Signal[] = []
  const tracker = new ProgressTracker({ backend: line.backend, clock, onSignal: (signal) => signals.push(signal) })
  const facts: Member['facts'] = []
  const logged: number[] = []
  tracker['~node'].listen({
    made: (entry) => facts.push({ kind: 'made', entry }),
    changed: (entry) => facts.push({ kind: 'changed', entry }),
    logged: (_id, _epoch, { lines }) => logged.push(...lines.map(({ line }) => line)),
  })
  const down = (health: 'failing' | 'hanging') => {
    isUp = false
    line.become(health)
  }
  return {
    tracker,
    clock,
    line,
    facts,
    logged,
    signals,
    cut: () => down('failing'),
    mend: () => {
      isUp = true
      line.become('well')
      for (const onGap of gaps) onGap()
    },
    kill: () => {
      down('hanging')
      onKill()
    },
  }
}

/** The snapshots that a process told of a session, in its order. */
export function told({ facts }: Member, sessionId: string): readonly Snapshot[] {
  return facts.map(({ entry }) => entry.snapshot).filter((snapshot) => snapshot.sessionId === sessionId)
}

/** Whether what was told of each session only ever went forwards, and was made once per epoch. */
export function isInOrder({ facts }: Member): boolean {
  const made = new Set<string>()
  const last = new Map<string, Snapshot>()
  return facts.every(({ kind, entry: { snapshot } }) => {
    const { sessionId, epoch } = snapshot
    const before = last.get(sessionId)
    last.set(sessionId, snapshot)
    const name = `${sessionId} ${epoch}`
    const isNew = !made.has(name)
    made.add(name)
    if (isNew !== (kind === 'made')) return false
    return !before || isNewer(snapshot, before)
  })
}

function isNewer(snapshot: Snapshot, before: Snapshot): boolean {
  if (snapshot.epoch !== before.epoch) return snapshot.epoch > before.epoch
  return snapshot.revision > before.revision && before.status === 'active'
}
