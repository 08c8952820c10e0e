// The HTTP half over a real tracker with a clock that stands still, and a reader of its streams.
import { ManualClock } from '@progress/protocol/testing'
import { Authentication, type Authenticator } from '../auth/authenticate'
import { Authorization, type Authorize } from '../auth/ownership'
import type { Backend } from '../backend/contract'
import type { Signal } from '../observe/signals'
import { ProgressTracker } from '../progressTracker'
import { Desk } from '../viewing/desk'
import { createHttp, type HttpParts } from './createHttp'

/** A bearer token is the user's id; nobody has the token `nobody`. */
export const tokenIsUser: Authenticator = ({ token }) => (token && token !== 'nobody' ? { userId: token } : null)

/** What a test may have otherwise. */
export interface RigOptions {
  readonly authenticate?: Authenticator
  readonly authorize?: Authorize
  readonly backend?: (clock: ManualClock) => Backend
  /** Shared with another process. */
  readonly clock?: ManualClock
  readonly parts?: Partial<HttpParts>
}

/** A tracker, its HTTP half, and requests to it. */
export function rig(options: RigOptions = {}) {
  const clock = options.clock ?? new ManualClock()
  const signals: Signal[] = []
  const backend = options.backend?.(clock)
  const tracker = new ProgressTracker({ clock, onSignal: (one) => void signals.push(one), ...(backend && { backend }) })
  const node = tracker['~node']
  const desk = new Desk(node, new Authorization(options.authorize, node.clock, node.signals))
  const authentication = new Authentication([options.authenticate ?? tokenIsUser], clock, node.signals)
  const timersBefore = clock.pending
  const http = createHttp({
    desk,
    node,
    authentication,
    isAllowed: () => true,
    limit: () => ({ ok: true }),
    ...options.parts,
  })
  const settle = (): Promise<void> => clock.advance(0)
  const ask = (path: string, user: string | null = 'ada', init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (user !== null) headers.set('authorization', `Bearer ${user}`)
    return http.fetch(new Request(`http://app.test/api/progress${path}`, { ...init, headers }))
  }
  return {
    clock,
    tracker,
    node,
    http,
    signals,
    settle,
    ask,
    /** Opens a stream, and writes down what it says. */
    async listen(path: string, user = 'ada', headers: Record<string, string> = {}): Promise<Heard> {
      const leaving = new AbortController()
      const response = await ask(path, user, { headers, signal: leaving.signal })
      const heard = new Heard(response, () => leaving.abort())
      await settle()
      return heard
    },
    /** Timers beside those of the tracker itself. */
    timersLeft: () => clock.pending - timersBefore,
    named: (name: Signal['name']) => signals.filter((signal) => signal.name === name),
  }
}

/** One event of a stream. */
export interface HeardEvent {
  readonly event: string
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads, it checks
  readonly data: any
}

/** What a stream said so far. */
export class Heard {
  /** Its text, comments included. */
  text = ''
  /** It has ended, or broke. */
  isOver = false

  constructor(
    readonly response: Response,
    readonly leave: () => void,
  ) {
    void this.#read()
  }

  get events(): HeardEvent[] {
    return this.text.split('\n\n').flatMap((frame) => parseFrame(frame) ?? [])
  }

  /** All but what is said of ids that are not there. */
  get news(): HeardEvent[] {
    return this.events.filter(({ event }) => event !== 'progress-gone')
  }

  get names(): string[] {
    return this.events.map(({ event }) => event)
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of this.response.body ?? []) this.text += decoder.decode(chunk, { stream: true })
    } catch {
      // it broke, which is an end, too
    }
    this.isOver = true
  }
}

function parseFrame(frame: string): HeardEvent | undefined {
  const fields = Object.fromEntries(
    frame.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    }),
  )
  const { event, id, data } = fields
  if (!event) return undefined
  return { event, data: JSON.parse(data ?? 'null'), ...(id !== undefined && { id }) }
}
