// The real client as a viewer of the model: what it shows, it shows to whoever subscribed, and its ends to whoever asked.
import { type Watch, WebSocketClient } from '@progress/client'
import type { Viewer, ViewerPlace } from '@progress/server/conformance'
import { addressOf } from './places'

/** A page. */
export class ClientViewer implements Viewer {
  readonly #place: ViewerPlace
  readonly #client: WebSocketClient
  readonly #watches = new Map<string, Watch>()
  #askedAgainWith = ''
  /** What was shown last, by whichever watch. */
  readonly #shown = new Map<string, unknown>()

  constructor(place: ViewerPlace) {
    this.#place = place
    this.#client = new WebSocketClient({ url: addressOf(place), auth: () => place.token() })
    this.#client
      .on('progressComplete', ({ sessionId, epoch }) => place.ended(sessionId, `${epoch} as an event`))
      .on('progressError', ({ sessionId, epoch }) => place.ended(sessionId, `${epoch} as an event`))
      .on('progressCancelled', ({ sessionId, epoch }) => place.ended(sessionId, `${epoch} as an event`))
    // A page may have logged in while an older login was still being refused: with each login it asks once more.
    this.#client.on('connectionChange', ({ status }) => {
      if (status !== 'refused' || this.#askedAgainWith === place.token()) return
      this.#askedAgainWith = place.token()
      this.hurry()
    })
    this.hurry()
  }

  watch(sessionId: string): void {
    const watch = this.#client.watch(sessionId)
    this.#watches.set(sessionId, watch)
    const isMine = (): boolean => this.#watches.get(sessionId) === watch
    watch.subscribe((state) => {
      if (!isMine() || this.#shown.get(sessionId) === state) return
      this.#shown.set(sessionId, state)
      if (state.status === 'gone') this.#place.gone(sessionId)
      else if ('epoch' in state) this.#place.shown(state)
    })
    watch.onEnd((end) => {
      if (isMine() && 'epoch' in end) this.#place.ended(sessionId, end.epoch)
    })
  }

  remount(sessionId: string): void {
    const watch = this.#watches.get(sessionId)
    this.#watches.delete(sessionId)
    watch?.leave()
    this.watch(sessionId)
  }

  leave(sessionId: string): void {
    const watch = this.#watches.get(sessionId)
    this.#watches.delete(sessionId)
    this.#shown.delete(sessionId)
    watch?.leave()
  }

  cancel(sessionId: string): void {
    void this.#watches.get(sessionId)?.cancel()
  }

  hurry(): void {
    this.#client.connect().catch(() => {})
  }

  stands(): 'told' | 'streams' | 'asks' | null {
    const { status, transport } = this.#client.connection
    if (status === 'connected') return 'told'
    return status === 'polling' ? (transport === 'sse' ? 'streams' : 'asks') : null
  }

  close(): void {
    this.#watches.clear()
    this.#client.close()
  }
}
