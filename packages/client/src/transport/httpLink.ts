// A link by requests, whichever way its states come: what it follows, how it begins and ends, and who carries out what.
import type {
  Clock,
  CommandAnswer,
  CommandArgs,
  CommandName,
  Snapshot,
  TransportClose,
  TransportLink,
  TransportListener,
} from '@progress/protocol/wire'
import { Following } from './following'
import type { Answer, Ask, Requests } from './requests'

/** What a link by requests needs. */
export interface HttpParts {
  readonly clock: Clock
  readonly requests: Requests
}

/** Who waits for the answer to a command. */
export type Answered<C extends CommandName> = (answer: CommandAnswer<C>) => void

type Handlers = { readonly [C in CommandName]: (args: CommandArgs<C>, answer: Answered<C>) => void }

/** A link that has no rooms. */
export abstract class HttpLink implements TransportLink {
  protected readonly clock: Clock
  protected readonly requests: Requests
  protected readonly following: Following
  protected readonly listener: TransportListener
  protected isOpen = false
  readonly #hungUp = new AbortController()

  readonly #handlers: Handlers = {
    'join-progress': (args, answer) => this.following.join(args, answer) && this.begin(),
    'leave-progress': ([id]) => {
      this.following.leave(id)
      if (this.following.isEmpty) this.rest()
    },
    'list-progress': (args, answer) => {
      this.following.list(args, answer)
      this.begin()
      if (this.following.isMine) this.list()
    },
    'cancel-progress': (args, answer) => this.cancel(args, answer),
    'sync-progress': (args, answer) => this.sync(args, answer),
  }

  constructor({ clock, requests }: HttpParts, listener: TransportListener) {
    this.clock = clock
    this.requests = requests
    this.listener = listener
    this.following = new Following((name, payload) => listener.event(name, payload))
  }

  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer: Answered<C> = () => {}): void {
    if (this.isOver) return
    const handle: Handlers[C] = this.#handlers[command]
    handle(args, answer)
  }

  close(): void {
    this.#hungUp.abort()
    this.rest()
  }

  /** Something is wanted that was not before. */
  protected abstract begin(): void
  /** Nothing is wanted any more: no request that only waits, and no timer, is left. */
  protected abstract rest(): void
  /** The caller's own are wanted, all of them. */
  protected abstract list(): void
  protected abstract cancel(args: CommandArgs<'cancel-progress'>, answer: Answered<'cancel-progress'>): void
  protected abstract sync(args: CommandArgs<'sync-progress'>, answer: Answered<'sync-progress'>): void

  /** Aborted when somebody hangs up. */
  protected get signal(): AbortSignal {
    return this.#hungUp.signal
  }

  protected get isOver(): boolean {
    return this.signal.aborted
  }

  /** The server has answered. */
  protected opened(): void {
    if (this.isOpen || this.isOver) return
    this.isOpen = true
    this.listener.opened()
  }

  protected fail(why: TransportClose): void {
    if (this.isOver) return
    this.close()
    this.listener.closed(why)
  }
}

/** The request of a cancel. */
export function cancelAsk([id, reason]: CommandArgs<'cancel-progress'>): Ask {
  return { method: 'DELETE', path: `/${id}`, query: reason ? `?reason=${encodeURIComponent(reason)}` : '' }
}

/** What became of a cancel, where the server has said so. */
export function tellCancelled(answer: Answer, answered: Answered<'cancel-progress'>): void {
  if (answer.type === 'ok') answered({ success: true })
  if (answer.type === 'no') answered({ error: { code: answer.code, message: answer.message } })
}

/** A list in an answer; empty where there is none. */
export function listIn(answer: Answer | undefined, key: 'sessions' | 'snapshots'): readonly Snapshot[] {
  return arrayIn(answer, key) as readonly Snapshot[]
}

/** What is gone, in an answer. */
export function goneIn(answer: Answer | undefined): { readonly sessionId: string; readonly code: string }[] {
  return arrayIn(answer, 'gone').filter((one): one is { sessionId: string; code: string } => {
    return typeof (one as { sessionId?: unknown } | null)?.sessionId === 'string'
  })
}

function arrayIn(answer: Answer | undefined, key: string): readonly unknown[] {
  const body = answer?.type === 'ok' ? (answer.body as Record<string, unknown> | null) : null
  const list = body?.[key]
  return Array.isArray(list) ? list : []
}
