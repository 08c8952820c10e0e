// The requests of one viewer to whichever process it is sent to, and what can go wrong with them: they are answered late,
// fall into a black hole, find no streams, or break.
import type { Host } from './host'

/** What requests need. */
export interface RequestsParts {
  readonly seat: {
    readonly name: string
    readonly way: { readonly isMute: boolean }
    readonly isLate: boolean
    readonly hasStreams: boolean
  }
  host(): Host | undefined
  /** Something was said to the viewer. */
  heard(): void
}

/** Asks for nothing that there is: the client's way to see whether anybody is there. */
const KNOCK = '?ids=-'

/** What of a viewer goes over HTTP. */
export class Requests {
  readonly #parts: RequestsParts
  readonly #streams = new Set<AbortController>()
  /** What fell into a black hole. */
  readonly #swallowed = new Set<AbortController>()
  #late: (() => void)[] = []

  constructor(parts: RequestsParts) {
    this.#parts = parts
  }

  /** Answers that are on their way. */
  get late(): number {
    return this.#late.length
  }

  /** As `fetch` does. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { seat } = this.#parts
    const host = this.#parts.host()
    const isStream = path.includes('/events')
    if (!host?.isUp) throw new TypeError('fetch failed')
    if (isStream && !seat.hasStreams) return new Response('<html>', { status: 502 })
    const hungUp = new AbortController()
    init.signal?.addEventListener('abort', () => hungUp.abort(init.signal?.reason), { once: true })
    if (seat.way.isMute) {
      this.#swallowed.add(hungUp)
      return await never(hungUp.signal)
    }
    if (isStream) this.#streams.add(hungUp)
    const stop = host.onCrash(() => hungUp.abort(new TypeError('terminated')))
    try {
      const request = new Request(`http://${seat.name}.localhost${path}`, { ...init, signal: hungUp.signal })
      const response = await Promise.race([host.progress.fetch(request), never(hungUp.signal)])
      if (response.status === 200 && !path.includes(KNOCK)) this.#parts.heard()
      if (seat.isLate && !isStream) await this.#later(hungUp.signal)
      return response
    } finally {
      if (!isStream) stop()
    }
  }

  /** The way is as it should be again: late answers arrive, and what fell into a black hole breaks. */
  arrive(): void {
    for (const arrive of this.#late.splice(0)) arrive()
    if (this.#parts.seat.way.isMute) return
    for (const request of this.#swallowed) request.abort(new TypeError('terminated'))
    this.#swallowed.clear()
  }

  /** Streams break. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.abort(new TypeError('terminated'))
    this.#streams.clear()
  }

  #later(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#late.push(resolve)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
