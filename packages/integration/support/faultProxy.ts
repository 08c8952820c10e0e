// A TCP proxy of our own, in front of a real server: the line to it can be cut, silent, slow, or spoken for by somebody else.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Faults } from './proxy/faults'
import { Passage } from './proxy/passage'
import { seeded } from './proxy/random'
import type { RequestHead } from './proxy/requestReader'

export type { Faults, ProxyAnswer } from './proxy/faults'

/** A request that came by. */
export interface SeenRequest extends RequestHead {
  /** `performance.now()` */
  readonly at: number
}

/** The line to a server on this machine. */
export class FaultProxy {
  /** All requests that came by, in their order, whatever became of them. */
  readonly requests: SeenRequest[] = []
  readonly #targetPort: number
  readonly #passages = new Set<Passage>()
  readonly #random: () => number
  #listener: Server | undefined
  #port = 0
  #faults: Faults = {}
  #dropped = 0
  #moved = 0

  private constructor(targetPort: number, seed: number) {
    this.#targetPort = targetPort
    this.#random = seeded(seed)
  }

  /** Starts one, with a good line. Chance goes by the seed. */
  static async start(targetPort: number, seed = 1): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort, seed)
    await proxy.admit()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get faults(): Faults {
    return this.#faults
  }

  /** From now on; for connections that there are, too. */
  set faults(faults: Faults) {
    this.#faults = faults
    for (const passage of this.#passages) passage.changed()
  }

  /** Messages of the server that were left out. */
  get dropped(): number {
    return [...this.#passages].reduce((sum, passage) => sum + passage.dropped, this.#dropped)
  }

  /** Messages of the server that came twice, or were overtaken. */
  get moved(): number {
    return [...this.#passages].reduce((sum, passage) => sum + passage.moved, this.#moved)
  }

  /** Requests whose path begins so. */
  asked(path: string): readonly SeenRequest[] {
    return this.requests.filter((request) => request.path.startsWith(path))
  }

  /** New connections are refused, as where nobody listens. */
  async refuse(): Promise<void> {
    const listener = this.#listener
    this.#listener = undefined
    if (!listener) return
    // It would wait for those that are open.
    listener.close()
  }

  /** Listens again, on the same port. */
  async admit(): Promise<void> {
    if (this.#listener) return
    const listener = createServer({ allowHalfOpen: true }, (client) => {
      if (this.#faults.shut) {
        client.on('error', () => {}).resetAndDestroy()
        return
      }
      const passage = new Passage(client, {
        targetPort: this.#targetPort,
        faults: () => this.#faults,
        random: this.#random,
        asked: (head) => this.requests.push({ ...head, at: performance.now() }),
        ended: (ended) => {
          if (!this.#passages.delete(ended)) return // both sides say so
          this.#dropped += ended.dropped
          this.#moved += ended.moved
        },
      })
      this.#passages.add(passage)
    })
    this.#listener = listener
    listener.listen(this.#port, '127.0.0.1')
    await once(listener, 'listening')
    this.#port = (listener.address() as AddressInfo).port
  }

  /** Ends all connections that there are with a TCP reset. */
  resetAll(path = ''): void {
    for (const passage of this.#passages) if (passage.path.startsWith(path)) passage.reset()
  }

  /** The next frame of each WebSocket arrives in half, and then comes a reset. Resolves when it has been so for one. */
  cutNextFrame(): Promise<void> {
    return new Promise((resolve) => {
      for (const passage of this.#passages) if (passage.isUpgraded) passage.cutNext(resolve)
    })
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.refuse()
    this.resetAll()
  }
}
