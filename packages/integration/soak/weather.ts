// The line to the server, with something wrong with it most of the time: what, and for how long, is chance, which goes by a seed.
import type { FaultProxy, Faults } from '../support/faultProxy'
import { seeded } from '../support/proxy/random'

/** No fault lasts longer. */
const LONGEST_MS = 4_000

const FAULTS: readonly (readonly [name: string, faults: Faults])[] = [
  ['late', { shape: { latencyMs: 80, jitterMs: 60 } }],
  ['thin', { shape: { bytesPerSecond: 20_000 } }],
  ['sliced', { shape: { sliceBytes: 100 } }],
  ['hole', { hole: { direction: 'both' } }],
  ['hole down', { hole: { direction: 'down' } }],
  ['hole up', { hole: { direction: 'up' } }],
  ['no websocket', { block: 'websocket' }],
  ['no socket.io', { block: 'socket.io' }],
  ['mangled', { mangle: { duplicate: true, reorder: true, dropShare: 0.1 } }],
]

/** Makes weather on a line, until it is told to clear up. */
export class Weather {
  readonly #proxy: FaultProxy
  readonly #random: () => number
  #timer: NodeJS.Timeout | undefined
  /** How often each kind of fault was there. */
  readonly counts: Record<string, number> = {}

  constructor(proxy: FaultProxy, seed: number) {
    this.#proxy = proxy
    this.#random = seeded(seed)
    this.#change()
  }

  /** From now on all is well. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#proxy.faults = {}
  }

  #change(): void {
    const [name, faults] = FAULTS[Math.floor(this.#random() * FAULTS.length)] ?? ['', {}]
    this.#proxy.faults = faults
    this.counts[name] = (this.counts[name] ?? 0) + 1
    const sudden = this.#random()
    if (sudden < 0.2) this.#reset()
    else if (sudden < 0.4) this.#cut()
    this.#timer = setTimeout(() => this.#rest(), this.#random() * LONGEST_MS)
  }

  /** Between two faults there is a while without. */
  #rest(): void {
    this.#proxy.faults = {}
    this.#timer = setTimeout(() => this.#change(), this.#random() * LONGEST_MS)
  }

  #reset(): void {
    this.counts['reset'] = (this.counts['reset'] ?? 0) + 1
    this.#proxy.resetAll()
  }

  #cut(): void {
    this.counts['cut'] = (this.counts['cut'] ?? 0) + 1
    void this.#proxy.cutNextFrame()
  }
}
