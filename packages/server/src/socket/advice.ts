// The app's own `Server` options: they are looked at, and what could be better is signalled. Nothing is changed.
import { LIMITS } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import type { SocketServerLike } from './socketLike'

/** A connection that has not said anything is closed by us after `LIMITS.authenticateMs`; this long is plenty. */
const CONNECT_TIMEOUT_MS = 10_000
/** The engine's packet around a command, and what an app's own events need. */
const ROOM_FOR_MORE = 4

/** Signals an `advice` for each option that lets a client hold more than our commands ever need. */
export function adviseOptions(io: SocketServerLike, signals: Signals): void {
  const { engine, _connectTimeout } = io as unknown as {
    readonly engine?: { readonly opts?: { readonly maxHttpBufferSize?: number } }
    readonly _connectTimeout?: number
  }
  const bufferSize = engine?.opts?.maxHttpBufferSize
  if (bufferSize !== undefined && bufferSize > ROOM_FOR_MORE * LIMITS.commandBytes) {
    const reason = `lets one message hold ${bufferSize} bytes; commands of progress take at most ${LIMITS.commandBytes}`
    signals.tell('advice', { option: 'maxHttpBufferSize', reason })
  }
  if (_connectTimeout !== undefined && _connectTimeout > CONNECT_TIMEOUT_MS) {
    const waits = Math.min(_connectTimeout, LIMITS.authenticateMs)
    const reason = `lets a connection wait ${waits} ms before it says anything; ${CONNECT_TIMEOUT_MS} ms are plenty`
    signals.tell('advice', { option: 'connectTimeout', reason })
  }
}
