// The smallest viewer that keeps the protocol: the highest position wins, positions are compared now and then, and where no
// socket stands it asks again and again. What a backend is proven with.
import { comparePositions, isEnd, LIMITS, type ProgressGone, positionOf, type Snapshot } from '@progress/protocol'
import type { Viewer, ViewerPlace } from './viewer'
import type { SocketEnd } from './wire'

interface Watched {
  snapshot: Snapshot | undefined
  isGone: boolean
  readonly since: number
}

const AGAIN_MS = 1_000
/** Without an answer to a comparison for this long, a line counts as dead. */
const PATIENCE_MS = 2_000
const FINAL: readonly unknown[] = ['UNAUTHENTICATED', 'REVOKED', 'EXPIRED']

/** A viewer of the protocol's, and nothing more. */
export class ReferenceViewer implements Viewer {
  readonly #place: ViewerPlace
  readonly #watched = new Map<string, Watched>()
  /** Ends that were told, by id and epoch: once each, whatever is mounted anew. */
  readonly #told = new Set<string>()
  /** Joins that were refused for the moment. */
  readonly #refused = new Set<string>()
  #line: SocketEnd | undefined
  #isOpen = false
  #token = ''
  #asking: AbortController | undefined
  #asksAt = 0
  #isFinal = false
  #stop: () => void = () => {}
  #stopSync: () => void = () => {}
  #stopPatience: () => void = () => {}
  #isClosed = false

  constructor(place: ViewerPlace) {
    this.#place = place
    this.#dial()
    this.#beat()
  }

  watch(sessionId: string): void {
    if (this.#watched.get(sessionId)?.isGone === false) return
    this.#watched.set(sessionId, { snapshot: undefined, isGone: false, since: this.#place.clock.now() })
    this.#join(sessionId)
  }

  remount(sessionId: string): void {
    if (this.#watched.get(sessionId)?.isGone) this.watch(sessionId)
    else if (this.#watched.has(sessionId)) this.#join(sessionId)
  }

  leave(sessionId: string): void {
    if (this.#watched.delete(sessionId)) this.#line?.send('leave-progress', [sessionId])
  }

  cancel(sessionId: string): void {
    if (this.#isOpen) this.#line?.send('cancel-progress', [sessionId])
  }

  hurry(): void {
    if (!this.#isOpen) this.#dial()
  }

  stands(): 'told' | 'asks' | null {
    if (this.#isOpen) return 'told'
    return this.#asksAt > 0 && this.#place.clock.now() - this.#asksAt <= 2 * AGAIN_MS ? 'asks' : null
  }

  close(): void {
    this.#isClosed = true
    this.#stop()
    this.#hangUp()
  }

  #dial(): void {
    this.#hangUp()
    if (this.#isClosed) return
    this.#isFinal = false
    this.#token = this.#place.token()
    const line = this.#place.dial(
      {
        opened: () => line === this.#line && this.#opened(),
        refused: (_message, data) => line === this.#line && this.#lost((data as { code?: unknown } | undefined)?.code),
        event: (name, payload) => line === this.#line && this.#event(name, payload),
        ended: () => line === this.#line && this.#lost(undefined),
      },
      { token: this.#token },
    )
    this.#line = line
  }

  #hangUp(): void {
    this.#stopSync()
    this.#stopPatience()
    this.#isOpen = false
    const line = this.#line
    this.#line = undefined
    line?.disconnect()
  }

  #lost(code: unknown): void {
    this.#refusedBy(code)
    this.#line = undefined
    this.#isOpen = false
    this.#stopSync()
    this.#stopPatience()
  }

  /** The same login would only be refused again; a new one may not be. */
  #refusedBy(code: unknown): void {
    this.#isFinal ||= FINAL.includes(code) && this.#token === this.#place.token()
  }

  #opened(): void {
    this.#isOpen = true
    for (const sessionId of this.#watched.keys()) this.#join(sessionId)
    this.#syncLater()
  }

  /** Once a second: who has no line dials, and asks meanwhile; who waits in vain gives up. */
  #beat(): void {
    this.#stop = this.#place.clock.after(AGAIN_MS, () => {
      this.#beat()
      if (!this.#isOpen && !this.#isFinal) {
        void this.#ask()
        this.#dial()
      }
    })
  }

  async #ask(): Promise<void> {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const token = this.#place.token()
    for (const [sessionId, { isGone, snapshot }] of [...this.#watched]) {
      if (isGone || (snapshot && isEnd(snapshot))) continue
      if (!(await this.#askOne(sessionId, token, asking.signal).catch(() => false))) return
    }
    this.#asksAt = this.#place.clock.now()
  }

  /** Answers whether it was answered. */
  async #askOne(sessionId: string, token: string, signal: AbortSignal): Promise<boolean> {
    const headers = { Authorization: `Bearer ${token}` }
    const response = await this.#place.fetch(`/api/progress/${sessionId}`, { headers, signal })
    if (this.#isClosed || this.#isOpen || signal.aborted) return false // whoever is told meanwhile knows better
    if (response.status === 200) this.#apply((await response.json()) as Snapshot)
    if (response.status === 404) this.#missing(sessionId)
    if (response.status === 401 && token === this.#place.token()) this.#isFinal = true
    return response.status === 200 || response.status === 404
  }

  #join(sessionId: string): void {
    const line = this.#line
    if (!this.#isOpen) return
    line?.send('join-progress', [sessionId], (answer) => {
      if (line !== this.#line) return
      const { status, error } = answer as { status?: Snapshot; error?: { code: string } }
      if (status) this.#apply(status)
      else if (error?.code === 'NOT_FOUND') this.#missing(sessionId)
      else this.#refused.add(sessionId)
    })
  }

  #syncLater(): void {
    this.#stopSync()
    this.#stopSync = this.#place.clock.after(LIMITS.syncIntervalMs, () => this.#sync())
  }

  #sync(): void {
    for (const sessionId of this.#refused) if (this.#watched.has(sessionId)) this.#join(sessionId)
    this.#refused.clear()
    const line = this.#line
    const waiting = [...this.#watched].filter(([, { isGone }]) => !isGone)
    const positions = Object.fromEntries(
      waiting.map(([id, { snapshot }]) => [id, snapshot ? positionOf(snapshot) : '000000000-00000000.0']),
    )
    this.#stopPatience = this.#place.clock.after(PATIENCE_MS, () => this.#dial())
    line?.send('sync-progress', [positions], (answer) => {
      if (line !== this.#line) return
      this.#stopPatience()
      const { snapshots = [], gone = [] } = answer as { snapshots?: Snapshot[]; gone?: ProgressGone[] }
      for (const snapshot of snapshots) this.#apply(snapshot)
      for (const { sessionId } of gone) this.#missing(sessionId)
    })
    this.#syncLater()
  }

  #event(name: string, payload: unknown): void {
    const { sessionId, status, code } = payload as { sessionId?: string; status?: string; code?: string }
    if (name === 'progress-gone' && sessionId) this.#missing(sessionId)
    else if (name === 'progress-bye') this.#refusedBy(code)
    else if (status) this.#apply(payload as Snapshot)
  }

  #apply(snapshot: Snapshot): void {
    const watched = this.#watched.get(snapshot.sessionId)
    const before = watched?.snapshot
    if (!watched || watched.isGone || (before && comparePositions(snapshot, before) <= 0)) return
    if (before && before.epoch === snapshot.epoch && isEnd(before)) return
    watched.snapshot = snapshot
    this.#place.shown(snapshot)
    const end = `${snapshot.sessionId} ${snapshot.epoch}`
    if (!isEnd(snapshot) || this.#told.has(end)) return
    this.#told.add(end)
    this.#place.ended(snapshot.sessionId, snapshot.epoch)
  }

  #missing(sessionId: string): void {
    const watched = this.#watched.get(sessionId)
    if (!watched || watched.isGone || (watched.snapshot && isEnd(watched.snapshot))) return
    if (!watched.snapshot && this.#place.clock.now() - watched.since < LIMITS.awaitMs) return
    watched.isGone = true
    this.#place.gone(sessionId)
  }
}
