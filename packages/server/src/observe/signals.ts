// Everything worth knowing, told to whoever asks: logs and metrics hang on it. A listener that throws hurts nobody.
import { EventEmitter } from 'eventemitter3'

/** What each signal tells beside its name. */
export interface SignalTable {
  /** An option of the app's own server could be better chosen; told once, when it is served. */
  advice: { option: string; reason: string }
  /** A session began. */
  made: { sessionId: string; operation: string }
  /** A session changed, and viewers were told. */
  changed: { sessionId: string; revision: number }
  /** A session ended. */
  ended: {
    sessionId: string
    operation: string
    status: 'completed' | 'error' | 'cancelled'
    duration: number
    code?: string
  }
  /** A job threw something of its own: viewers have the reference, you have the cause. */
  'job-failed': { sessionId: string; reference: string; cause: unknown }
  /** Something that a job passed was odd, and was left out; or it came for a session that is not there any more. */
  dropped: { sessionId: string; reason: string }
  /** Somebody who is logged in has connected. */
  connected: { userId: string }
  /** That connection has ended, and why: `transport close`, `ping timeout`, `server namespace disconnect`, … */
  disconnected: { userId: string; reason: string }
  /** Somebody watches a session. */
  joined: { sessionId: string; userId: string }
  /** A connection, a command or a request was refused. */
  refused: { code: string; reason: string; sessionId?: string }
  /** A connection could not keep up. */
  slow: { userId: string; bytes: number; disconnected: boolean }
  /** A handler of ours, or a hook of the app, threw. */
  'handler-failed': { where: string; cause: unknown }
  /** The backend did not do what it was asked; it is tried again where that makes sense. */
  'store-failed': { where: string; cause: unknown }
}

/** The name of a signal. */
export type SignalName = keyof SignalTable
/** Something worth knowing. */
export type Signal<N extends SignalName = SignalName> = { [K in N]: { readonly name: K } & Readonly<SignalTable[K]> }[N]

/** Where signals are heard. */
export interface SignalSource {
  /** Hears one kind of signal; the answer stops it. */
  on<N extends SignalName>(name: N, listener: (signal: Signal<N>) => void): () => void
  /** Hears all of them. */
  onAny(listener: (signal: Signal) => void): () => void
}

/** The one emitter of signals. Telling one never throws. */
export class Signals implements SignalSource {
  readonly #emitter = new EventEmitter<Record<SignalName | '*', [Signal]>>()

  on<N extends SignalName>(name: N, listener: (signal: Signal<N>) => void): () => void {
    return this.#add(name, listener as unknown as (signal: Signal) => void)
  }

  onAny(listener: (signal: Signal) => void): () => void {
    return this.#add('*', listener)
  }

  /** Tells a signal to whoever listens. */
  tell<N extends SignalName>(name: N, about: SignalTable[N]): void {
    const emitter = this.#emitter
    // Most signals are heard by nobody: then not even the object is made.
    if (emitter.listenerCount(name) === 0 && emitter.listenerCount('*') === 0) return
    const signal = Object.freeze({ name, ...about }) as unknown as Signal
    for (const listener of [...emitter.listeners(name), ...emitter.listeners('*')]) {
      // Whoever hears of trouble must not make more of it; there is nobody left to tell.
      try {
        const answer = listener(signal) as unknown
        if (answer instanceof Promise) answer.catch(() => {})
      } catch {}
    }
  }

  #add(name: SignalName | '*', listener: (signal: Signal) => void): () => void {
    const heard = (signal: Signal) => listener(signal) // the same listener may come twice, and leave once
    this.#emitter.on(name, heard)
    return () => void this.#emitter.off(name, heard)
  }
}
