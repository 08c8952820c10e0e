// The baseline: the seed's text carried out plainly. A Map, `Date.now()` on each call, a leading-only throttle, and
// `io.to(room).emit`.
import { randomUUID } from 'node:crypto'

/** What has ended is forgotten after this. */
const LINGER_MS = { completed: 5_000, error: 10_000 } as const
/** What was not updated for this long is forgotten by the sweep, which the document has every half an hour. */
const STALE_MS = 30 * 60_000

interface Session {
  readonly id: string
  progress: number
  status: 'active' | 'completed' | 'error'
  message: string
  metadata: Record<string, unknown>
  lastUpdate: number
  readonly createdAt: number
}

interface Io {
  to(room: string): { emit(event: string, payload: unknown): unknown }
}

/** What the seed's document describes, as somebody would write it down. */
export class SeedlikeTracker {
  readonly #io: Io
  readonly #sessions = new Map<string, Session>()
  readonly #lastEmit = new Map<string, number>()

  constructor(io: Io) {
    this.#io = io
  }

  createSession(metadata: Record<string, unknown> = {}): string {
    return this.createSessionWithId(randomUUID(), metadata)
  }

  createSessionWithId(id: string, metadata: Record<string, unknown> = {}): string {
    const now = Date.now()
    this.#sessions.set(id, {
      id,
      progress: 0,
      status: 'active',
      message: '',
      metadata,
      lastUpdate: now,
      createdAt: now,
    })
    return id
  }

  updateProgress(sessionId: string, progress: number, message?: string, metadata?: Record<string, unknown>): void {
    const session = this.#sessions.get(sessionId)
    if (!session) return
    const now = Date.now()
    session.progress = Math.max(0, Math.min(100, progress))
    if (message !== undefined) session.message = message
    if (metadata !== undefined) session.metadata = { ...session.metadata, ...metadata }
    session.lastUpdate = now
    const last = this.#lastEmit.get(sessionId) ?? 0
    if (now - last < 100) return
    this.#lastEmit.set(sessionId, now)
    const { progress: shown, message: said, metadata: data } = session
    const payload = { sessionId, progress: shown, message: said, metadata: data, timestamp: now }
    this.#io.to(`progress-${sessionId}`).emit('progress-update', payload)
  }

  completeSession(sessionId: string): void {
    this.#end(sessionId, 'completed', { progress: 100 })
  }

  errorSession(sessionId: string, message: string): void {
    this.#end(sessionId, 'error', { message })
  }

  getSession(sessionId: string): Readonly<Session> | null {
    return this.#sessions.get(sessionId) ?? null
  }

  /** How many are held. */
  get size(): number {
    return this.#sessions.size
  }

  /** Forgets what is stale, and tells nobody. */
  cleanupStaleSessions(now: number = Date.now()): void {
    for (const { id, lastUpdate } of this.#sessions.values()) if (now - lastUpdate > STALE_MS) this.#sessions.delete(id)
  }

  #end(sessionId: string, status: 'completed' | 'error', how: Partial<Pick<Session, 'progress' | 'message'>>): void {
    const session = this.#sessions.get(sessionId)
    if (!session) return
    const now = Date.now()
    Object.assign(session, { ...how, status, lastUpdate: now })
    const event = status === 'completed' ? 'progress-complete' : 'progress-error'
    this.#io.to(`progress-${sessionId}`).emit(event, { sessionId, status, ...how, timestamp: now })
    setTimeout(() => this.#sessions.delete(sessionId), LINGER_MS[status])
  }
}
