// What one connection sends comes in; what is well formed, and not too much, goes on to be carried out.
import { type CommandArgs, type CommandName, decode, ERRORS, LIMITS, type Refusal, refusal } from '@progress/protocol'
import type { Signals } from '../observe/signals'
import { type Call, callOf } from './answers'
import { isWithin } from './commandSize'
import type { Connection } from './connection'

/** A sliding window: may this key do one thing more, and if not, when again? */
export type WindowLimit = (key: string) => { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

/** What an intake needs. */
export interface IntakeParts {
  readonly limit: WindowLimit
  readonly commandsPerMinute: number
  readonly signals: Signals
  now(): number
}

const WINDOW_MS = 60_000
/** Who sends this many times what is allowed is not answered any more, but sent away. */
const PATIENCE = 3
/** How many arguments of a command mean something. */
const ARITY: Readonly<Record<CommandName, number>> = Object.freeze({
  'join-progress': 2,
  'leave-progress': 1,
  'cancel-progress': 2,
  'list-progress': 1,
  'sync-progress': 2,
})

/** Looks at what one connection sends, before anything is done about it. */
export class Intake {
  readonly #parts: IntakeParts
  readonly #connection: Connection
  #refused = 0
  #since = 0

  constructor(parts: IntakeParts, connection: Connection) {
    this.#parts = parts
    this.#connection = connection
  }

  /** The command that came, decoded; `null` where it was refused, and that has been said. */
  read<C extends CommandName>(name: C, received: readonly unknown[]): { call: Call; args: CommandArgs<C> } | null {
    const call = callOf(this.#connection.socket, received)
    if (!this.#isAllowed(name, call)) return null
    const meant = call.args.slice(0, ARITY[name])
    if (!isWithin(meant, LIMITS.commandBytes)) {
      const message = `${name}: larger than ${LIMITS.commandBytes} bytes`
      this.refuse(name, call, { error: { code: 'BAD_REQUEST', message } })
      return null
    }
    const decoded = decode<CommandName>(name, meant)
    if (decoded.ok) return { call, args: decoded.value as CommandArgs<C> }
    this.refuse(name, call, { error: { code: decoded.error.code, message: decoded.error.message } })
    return null
  }

  /** Refuses a command, and signals that. */
  refuse(name: CommandName, call: Call, why: Refusal): void {
    this.#parts.signals.tell('refused', { code: why.error.code, reason: name })
    call.refuse(why)
  }

  #isAllowed(name: CommandName, call: Call): boolean {
    const { limit } = this.#parts
    const { socket } = this.#connection
    const verdict = limit(socket.id)
    if (verdict.ok) return true
    const { retryAfterMs } = verdict
    this.refuse(name, call, rateLimited(retryAfterMs))
    if (this.#isPatient()) return false
    socket.emit('progress-bye', { code: 'LIMIT', retryAfterMs: Math.ceil(retryAfterMs) })
    socket.disconnect(true)
    return false
  }

  #isPatient(): boolean {
    const now = this.#parts.now()
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now
      this.#refused = 0
    }
    this.#refused += 1
    return this.#refused <= (PATIENCE - 1) * this.#parts.commandsPerMinute
  }
}

/** Too much at once; the message says when to come back. */
export function rateLimited(retryAfterMs: number): Refusal {
  const { error } = refusal('RATE_LIMITED')
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const when = seconds === 1 ? 'in 1 second' : `in ${seconds} seconds`
  return { error: { code: error.code, message: ERRORS.RATE_LIMITED.sentence.replace('in a moment', when) } }
}
