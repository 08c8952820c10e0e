// Browsers that come by the front door, each with what it wants to be kept from.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const BLOCKS = ['nothing', 'websocket', 'sockets', 'streams'] as const
const COOKIE = 'demo-visitor'

/** One browser. */
export class Visitor {
  readonly id: string
  #block: (typeof BLOCKS)[number] = 'nothing'
  #isOffline = false
  readonly #lines = new Set<Duplex>()

  constructor(id: string) {
    this.id = id
  }

  get block(): string {
    return this.#block
  }

  /** Blocks this, and hangs up on what may be of that kind. What is no word of ours changes nothing. */
  setBlock(what: string, except: Duplex): void {
    const block = BLOCKS.find((one) => one === what)
    if (!block) return
    this.#block = block
    this.cut(except)
  }

  /** Nothing gets through for a while. */
  goOffline(ms: number, except: Duplex): void {
    this.#isOffline = true
    setTimeout(() => {
      this.#isOffline = false
    }, ms).unref()
    this.cut(except)
  }

  /** A connection that can be cut. */
  enter(line: Duplex): void {
    if (this.#lines.has(line)) return
    this.#lines.add(line)
    line.once('close', () => this.#lines.delete(line))
  }

  /** Ends all connections but the one that asks for it. */
  cut(except: Duplex): void {
    for (const line of this.#lines) if (line !== except) line.destroy()
  }

  /** Does a request get no answer at all? */
  isCutOff(): boolean {
    return this.#isOffline
  }

  /** Is a request kept from the app? */
  isBlocked(path: string, isUpgrade: boolean): boolean {
    const level = BLOCKS.indexOf(this.#block)
    if (isUpgrade) return level >= 1
    if (path.startsWith('/socket.io')) return level >= 2
    return level >= 3 && path.startsWith('/api/progress/events')
  }
}

/** All of them, by a cookie. */
export class Visitors {
  readonly #all = new Map<string, Visitor>()

  /** Whose request this is; a new one's where it has no cookie yet. */
  of({ headers }: IncomingMessage): Visitor {
    const known = new RegExp(`${COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1]
    const visitor = this.#all.get(known ?? '') ?? new Visitor(known ?? randomUUID())
    if (known) this.#all.set(known, visitor)
    return visitor
  }

  /** What tells a browser who it is. */
  cookieOf({ id }: Visitor): string {
    return `${COOKIE}=${id}; Path=/; SameSite=Lax`
  }
}
