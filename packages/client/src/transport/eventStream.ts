// Server-sent events as text, however it was cut on the way: chunks come in, events go out.

/** One event. */
export interface StreamEvent {
  readonly name: string
  readonly data: string
}

/** Longest line that is kept: far beyond a batch, and an end to a server that never ends a line. */
const LONGEST = 1_000_000

/** Puts chunks together. */
export class EventReader {
  readonly #onEvent: (event: StreamEvent) => void
  #rest = ''
  #name = ''
  #data: string[] = []

  constructor(onEvent: (event: StreamEvent) => void) {
    this.#onEvent = onEvent
  }

  /** Takes a chunk; `false` where this can be no stream of events. */
  take(chunk: string): boolean {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
    return this.#rest.length <= LONGEST
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return // a heartbeat
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.#name = value
    else if (field === 'data') this.#data.push(value)
  }

  #dispatch(): void {
    const event = { name: this.#name, data: this.#data.join('\n') }
    this.#name = ''
    this.#data = []
    if (event.data !== '') this.#onEvent(event)
  }
}
