// Facts of all sessions come in, each goes to those who wait for its session or its owner. Nobody waits: nothing is heard.
import { LIMITS } from '@progress/protocol'
import type { Entry, StoredLog } from '../backend/contract'
import type { Node } from '../node'

/** Who waits for news of a session. */
export interface Viewer {
  /** A state, perhaps one that is known already, perhaps of a session that is not theirs to see. */
  offer(entry: Entry): void
  logged(sessionId: string, epoch: string, log: StoredLog): void
}

/** Who waits for news of all sessions of an owner. */
export interface OwnerViewer extends Viewer {
  /** All of the owner's, read once more: most of them are no news. */
  offerAgain(entries: readonly Entry[]): void
}

/** One listener at the node for all streams and long polls. */
export class Hub {
  readonly #node: Node
  readonly #bySession = new Map<string, Set<Viewer>>()
  readonly #byOwner = new Map<string, Set<OwnerViewer>>()
  #stop: (() => void) | undefined
  #cancelSync: (() => void) | undefined

  constructor(node: Node) {
    this.#node = node
  }

  /** Sessions and owners that somebody waits for. */
  get size(): number {
    return this.#bySession.size + this.#byOwner.size
  }

  /** Hears of one session from now on; the answer stops it. */
  watch(sessionId: string, viewer: Viewer): () => void {
    return this.#add(this.#bySession, sessionId, viewer)
  }

  /** Hears of all sessions of an owner from now on; the answer stops it. */
  watchOwner(owner: string, viewer: OwnerViewer): () => void {
    return this.#add(this.#byOwner, owner, viewer)
  }

  #add<V>(index: Map<string, Set<V>>, key: string, viewer: V): () => void {
    const viewers = index.get(key) ?? new Set<V>()
    index.set(key, viewers.add(viewer))
    this.#listen()
    return () => {
      viewers.delete(viewer)
      if (viewers.size === 0 && index.get(key) === viewers) index.delete(key)
      if (this.size === 0) this.#unlisten()
    }
  }

  #listen(): void {
    if (this.#stop) return
    this.#stop = this.#node.listen({
      made: (entry) => this.#tell(entry),
      changed: (entry) => this.#tell(entry),
      logged: (sessionId, epoch, log) => {
        for (const viewer of [...(this.#bySession.get(sessionId) ?? [])]) viewer.logged(sessionId, epoch, log)
      },
      gap: () => void this.#readAgain(),
    })
    // A message between processes may be lost without anybody noticing.
    if (this.#node.isShared) this.#syncLater()
  }

  #unlisten(): void {
    this.#stop?.()
    this.#cancelSync?.()
    this.#stop = this.#cancelSync = undefined
  }

  #tell(entry: Entry): void {
    const { owner, snapshot } = entry
    const viewers = [...(this.#bySession.get(snapshot.sessionId) ?? [])]
    const ofOwner = owner === null ? undefined : this.#byOwner.get(owner)
    for (const viewer of ofOwner ? new Set([...viewers, ...ofOwner]) : viewers) viewer.offer(entry)
  }

  #syncLater(): void {
    this.#cancelSync = this.#node.clock.after(LIMITS.syncIntervalMs, () => {
      this.#syncLater()
      void this.#readAgain()
    })
  }

  /** Reads all that somebody waits for; who has it already passes over it. */
  async #readAgain(): Promise<void> {
    const reads = [
      ...[...this.#bySession].map(async ([sessionId, viewers]) => {
        const entry = await this.#node.read(sessionId)
        if (entry) for (const viewer of [...viewers]) viewer.offer(entry)
      }),
      ...[...this.#byOwner].map(async ([owner, viewers]) => {
        const entries = await this.#node.listByOwner(owner)
        for (const viewer of [...viewers]) viewer.offerAgain(entries)
      }),
    ]
    const results = await Promise.allSettled(reads)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) this.#node.signals.tell('store-failed', { where: 'http', cause: failed.reason })
  }
}
