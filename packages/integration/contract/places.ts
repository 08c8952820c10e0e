// Where the viewers of a run are: what the test build has in place of the machine's clock, of the network, and of chance.
import type { ViewerPlace } from '@progress/server/conformance'

const places = new Map<string, ViewerPlace>()
let clock: ViewerPlace['clock'] | undefined
let state = 1

/** A run begins: whatever is drawn in it, is drawn again when it is run again. */
export function begin(runClock: ViewerPlace['clock']): void {
  places.clear()
  clock = runClock
  state = 1
}

/** The address of a viewer's server. */
export function addressOf(place: ViewerPlace): string {
  places.set(`${place.name}.localhost`, place)
  return `http://${place.name}.localhost`
}

/** Whose server this is. Throws where it is nobody's. */
export function placeAt(address: string | URL): ViewerPlace {
  const place = places.get(new URL(address).hostname)
  if (place) return place
  throw new Error(`nobody is at ${address}`)
}

/** In place of `systemClock`. */
export const systemClock = {
  now: () => clock?.now() ?? 0,
  after: (ms: number, run: () => void) => clock?.after(ms, run) ?? (() => {}),
}

/** In place of `Math.random`: mulberry32. */
export function random(): number {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** In place of that of `node:crypto`. */
export function randomUUID(): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`
}
