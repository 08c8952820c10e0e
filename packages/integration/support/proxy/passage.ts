// One connection through the proxy: what the client asks decides what becomes of it.
import { connect, type Socket } from 'node:net'
import { bytesOf, type Faults } from './faults'
import { Flow } from './flow'
import { Mangler } from './mangler'
import { type RequestHead, RequestReader } from './requestReader'

/** What a passage needs. */
export interface PassageParts {
  readonly targetPort: number
  faults(): Faults
  random(): number
  asked(head: RequestHead): void
  /** Both sides are closed. */
  ended(passage: Passage): void
}

/** A connection of a client, and the one to the server. */
export class Passage {
  readonly #parts: PassageParts
  readonly #client: Socket
  readonly #server: Socket
  readonly #flows: readonly [up: Flow, down: Flow]
  #path = ''
  #isUpgraded = false
  readonly #mangler: Mangler
  #cut: (() => void) | undefined

  constructor(client: Socket, parts: PassageParts) {
    this.#parts = parts
    this.#client = client
    this.#server = connect({ port: parts.targetPort, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [client, this.#server])
      socket
        .setNoDelay(true)
        .on('error', () => {})
        .on('close', () => this.#closed())
    const up = new Flow(client, this.#flowTo(this.#server, 'up'))
    const down = new Flow(this.#server, this.#flowTo(client, 'down'))
    this.#flows = [up, down]
    const requests = new RequestReader((head) => this.#asked(head))
    this.#mangler = new Mangler({ how: () => parts.faults().mangle, random: parts.random, lost: () => this.reset() })
    client.on('data', (chunk: Buffer) => up.take(requests.take(chunk)))
    this.#server.on('data', (chunk: Buffer) => {
      if ((this.#cut && this.#isUpgraded) || parts.faults().cut) this.#cutWithin(chunk)
      else down.take(this.#mangler.take(chunk))
    })
  }

  /** The last request. */
  get path(): string {
    return this.#path
  }

  get isUpgraded(): boolean {
    return this.#isUpgraded
  }

  /** Messages that were left out. */
  get dropped(): number {
    return this.#mangler.dropped
  }

  /** Messages that came twice, or were overtaken. */
  get moved(): number {
    return this.#mangler.moved
  }

  changed(): void {
    this.#flows[1].take(this.#mangler.release())
    for (const flow of this.#flows) flow.changed()
  }

  /** Ends it with a TCP reset, on both sides. */
  reset(): void {
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
  }

  /** The next bytes of the server arrive in half, and then comes a reset. */
  cutNext(done: () => void): void {
    this.#cut = done
  }

  #closed(): void {
    if (this.#client.closed && this.#server.closed) this.#parts.ended(this)
  }

  #cutWithin(chunk: Buffer): void {
    const done = this.#cut
    this.#cut = undefined
    this.#client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => {
      this.reset()
      done?.()
    })
  }

  #asked(head: RequestHead): boolean {
    this.#parts.asked(head)
    this.#path = head.path
    const { answer, block } = this.#parts.faults()
    const said = answer?.(head)
    if (said) {
      this.#client.end(bytesOf(said))
      return false
    }
    if (block === 'socket.io' && head.path.startsWith('/socket.io')) {
      this.reset()
      return false
    }
    if (block === 'websocket' && head.isUpgrade) return false
    this.#isUpgraded = head.isUpgrade
    return true
  }

  #flowTo(to: Socket, direction: 'up' | 'down') {
    const { faults, random } = this.#parts
    const isAt = (path: string | undefined): boolean => path === undefined || this.#path.startsWith(path)
    return {
      to,
      random,
      isHeld: (): boolean => {
        const { hole } = faults()
        return hole !== undefined && (hole.direction === 'both' || hole.direction === direction) && isAt(hole.path)
      },
      shape: () => {
        const { shape, shapePath } = faults()
        return shape && isAt(shapePath) ? shape : {}
      },
    }
  }
}
