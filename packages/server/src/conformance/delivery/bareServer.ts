// The socket server of the model without anything of ours on it, and the wires that lead to it: what stands for
// `socket.io-client` in a viewer is held to the real one over these.
import { systemClock } from '@progress/protocol'
import type { FakeListener } from '../../testing/fakeClient'
import { FakeServer } from '../../testing/fakeServer'
import { deadEnd, type SocketEnd, Wire } from './wire'

/** A server that does only what it is told, and `dial` as the place of a viewer has it. */
export class BareServer {
  readonly io = new FakeServer()
  readonly clock = systemClock
  /** `false`: whoever dials finds nobody. */
  isUp = true
  readonly #wires = new Set<Wire>()

  /** A socket to it, with this `auth`. What becomes of it is told, and never before this returns. */
  dial(listener: FakeListener, auth: unknown): SocketEnd {
    if (!this.isUp) return deadEnd(listener)
    const state = { isHeld: false, isMute: false }
    const wire = new Wire({ host: this, state, auth, listener, sent: () => {} })
    this.#wires.add(wire)
    return wire
  }

  /** All lines to it break: what is on its way is lost, and both ends are told. */
  cut(): void {
    for (const wire of this.#wires) wire.cut()
  }

  /** It never crashes. */
  onCrash(): () => void {
    return () => {}
  }
}
