// What the processes of a soak tell each other.

/** How a job is to end; `cancelled` also where a visitor asks for it. */
export type Ending = 'completed' | 'error' | 'cancelled'

/** What the server's process is told. */
export type ToServer =
  | { readonly kind: 'begin' }
  | { readonly kind: 'look' }
  /** No new jobs from now on; those that run come to their end. */
  | { readonly kind: 'finish' }

/** What the server holds. */
export interface ServerLook {
  readonly kind: 'look'
  /** After the collector has run. */
  readonly heap: number
  readonly rss: number
  readonly rooms: number
  readonly sockets: number
  readonly sessions: number
  readonly timers: number
  /** Open connections, and whatever else keeps the event loop. */
  readonly handles: number
}

/** What the server's process tells by itself. */
export type FromServer =
  | { readonly kind: 'listening'; readonly port: number }
  /** Jobs that can be watched. */
  | { readonly kind: 'jobs'; readonly ids: readonly string[] }
  | { readonly kind: 'ended'; readonly id: string; readonly ending: string; readonly at: number }
  | ServerLook

/** What visitors are told. */
export type ToVisitors =
  | { readonly kind: 'jobs'; readonly ids: readonly string[] }
  | { readonly kind: 'look' }
  /** Nobody new comes; those who stay for an end stay until they have it. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'close' }

/** What visitors tell. */
export type FromVisitors =
  /** Somebody watches this, and stays until the end. */
  | { readonly kind: 'stays'; readonly visit: string; readonly id: string }
  /** An end was told; the first time `times` is 1. */
  | {
      readonly kind: 'told'
      readonly visit: string
      readonly id: string
      readonly ending: string
      readonly times: number
    }
  | {
      readonly kind: 'look'
      readonly here: number
      readonly connected: number
      readonly visits: number
      readonly violations: readonly string[]
    }
