// Server-sent events as text: an event of the protocol comes in, the lines of its frame go out.
import { positionOf, type ServerEventName, type Snapshot } from '@progress/protocol'

/** Says that somebody is still there; clients pass over it. */
export const HEARTBEAT = ':\n\n'
/** When a browser's own `EventSource` dials again. */
export const RETRY = 'retry: 2000\n\n'

const utf8 = new TextEncoder()

/** JSON of snapshots, which has no line breaks: written once, however many streams carry it. */
export class Encoder {
  readonly #texts = new WeakMap<Snapshot, string>()

  text(snapshot: Snapshot): string {
    const known = this.#texts.get(snapshot)
    if (known !== undefined) return known
    const text = JSON.stringify(snapshot)
    this.#texts.set(snapshot, text)
    return text
  }

  /** How long it is, in bytes of UTF-8. */
  bytes(snapshot: Snapshot): number {
    return utf8.encode(this.text(snapshot)).length
  }
}

/** An event without a place in a session's history. */
export function frame(event: ServerEventName, payload: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`
}

/** A state, with its place as the id: `SESSION@EPOCH.REVISION`, for one stream carries several sessions. */
export function stateFrame(event: ServerEventName, snapshot: Snapshot, encoder: Encoder): string {
  return `event: ${event}\nid: ${placeOf(snapshot)}\ndata: ${encoder.text(snapshot)}\n\n`
}

/** Several states in one event; the place is that of the last. */
export function batchFrame(snapshots: readonly Snapshot[], encoder: Encoder): string {
  const last = snapshots.at(-1)
  const id = last ? `id: ${placeOf(last)}\n` : ''
  const texts = snapshots.map((snapshot) => encoder.text(snapshot))
  return `event: progress-batch\n${id}data: {"sessions":[${texts.join(',')}]}\n\n`
}

function placeOf(snapshot: Snapshot): string {
  return `${snapshot.sessionId}@${positionOf(snapshot)}`
}
