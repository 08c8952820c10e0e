// The arguments of an event come in as Socket.IO hands them over; what was asked and where to answer come out.
import type { Refusal } from '@progress/protocol'
import type { SocketLike } from './socketLike'

/** One command as it came. */
export interface Call {
  /** Its arguments, without functions. */
  readonly args: readonly unknown[]
  /** Is there anybody to answer? */
  readonly hasAck: boolean
  /** Answers, once; where nobody asked for an answer, nothing happens. Never throws. */
  succeed(answer: object): void
  /** Refuses: in the acknowledgement, else as `application-error`. Never throws. */
  refuse(refusal: Refusal): void
}

/** Reads what came: the acknowledgement is the last of its arguments that is a function, wherever it stands. */
export function callOf(socket: SocketLike, received: readonly unknown[]): Call {
  const functions = received.filter(isFunction)
  const ack = functions.at(-1)
  let answered = false
  const once = (say: () => void): void => {
    if (answered) return
    answered = true
    try {
      say()
    } catch {
      // Whoever cannot hear the answer hurts nobody else.
    }
  }
  return {
    args: functions.length === 0 ? received : received.filter((value) => !isFunction(value)),
    hasAck: ack !== undefined,
    succeed: (answer) => once(() => ack?.(answer)),
    refuse: (refusal) => once(() => (ack ? ack(refusal) : socket.emit('application-error', refusal.error))),
  }
}

type Ack = (answer: unknown) => void

function isFunction(value: unknown): value is Ack {
  return typeof value === 'function'
}
