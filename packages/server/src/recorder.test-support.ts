// A tracker with a clock that stands still: what watchers are sent and what the signals tell is written down.
import { Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import type { Signal, SignalName } from './observe/signals'
import { ProgressTracker, type TrackerOptions } from './progressTracker'
import type { SocketServerLike } from './socket/socketLike'

/** What one emit was. */
export interface Sent {
  readonly room: string
  readonly event: string
  readonly payload: Record<string, unknown>
  readonly at: number
}

/** A double of Socket.IO's server that keeps what it is given. */
export function recordingIo(clock: ManualClock): { io: SocketServerLike; sent: Sent[] } {
  const sent: Sent[] = []
  const emitter = (rooms: readonly string[]) => ({
    to: (room: string) => emitter([...rooms, room]),
    except: () => emitter(rooms),
    emit(event: string, payload: Record<string, unknown>) {
      sent.push({ room: rooms.join(), event, payload, at: clock.now() })
      return true
    },
  })
  const io = { ...emitter([]), local: emitter([]), engine: {}, use: () => undefined }
  return { io, sent }
}

/** A tracker over such a double. */
export function recorded(options: TrackerOptions = {}) {
  const clock = new ManualClock()
  const { io, sent } = recordingIo(clock)
  const signals: Signal[] = []
  const states: Snapshot[] = []
  const tracker = new ProgressTracker(io, { clock, onSignal: (signal) => void signals.push(signal), ...options })
  tracker['~node'].listen({
    made: ({ snapshot }) => void states.push(snapshot),
    changed: ({ snapshot }) => void states.push(snapshot),
  })
  return {
    tracker,
    clock,
    sent,
    signals,
    /** Each state that was told. */
    states,
    events: () => sent.map(({ event }) => event),
    of: <N extends SignalName>(name: N) => signals.filter((signal) => signal.name === name) as unknown as Signal<N>[],
    /** Lets promises settle; no time passes. */
    settle: () => clock.advance(0),
  }
}

/** Fails where the wire would refuse this state. */
export function parseState(state: unknown): Snapshot {
  return Snapshot.parse(JSON.parse(JSON.stringify(state)))
}

/** A promise that somebody else settles. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
