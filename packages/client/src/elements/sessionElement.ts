// An element that shows one session: it follows a watch, and tells the end once.
import { Ends } from '../sessions/ends'
import type { Watch } from '../sessions/watches'
import { type End, IDLE, type LogItem, type WatchState } from '../sessions/watchState'
import { type Seen, see, UNSEEN } from './announce'
import { type Facts, factsOf } from './facts'
import type { ProgressClient } from './progressClient'
import { ProgressElement } from './progressElement'
import { joinTexts } from './reading'

/** Base of the modal and the meter. */
export abstract class SessionElement extends ProgressElement {
  protected seen: Seen = UNSEEN
  /** A polite live region: what is put here is said once. */
  protected abstract readonly announcer: HTMLElement
  #state: WatchState = IDLE
  #seenId: string | null = null
  /** Also of sessions that were shown before this one: whoever comes back to one is not told its end again. */
  readonly #ends = new Ends()
  #isAsked = false
  #refusal = ''

  /** Which session; `null` or empty for none. Attribute `session-id`. */
  get sessionId(): string | null {
    return this.getAttribute('session-id') || null
  }
  set sessionId(id: string | null | undefined) {
    this.reflect('session-id', id)
  }

  /** What is shown now. */
  get facts(): Facts {
    const { connection, seen, texts, format, label } = this
    const setting = { connection, seen, texts, format, label, isAsked: this.#isAsked, refusal: this.#refusal }
    return factsOf(this.#state, setting)
  }

  /** Asks the work to stop, where it can be. A refusal is shown. */
  async cancel(): Promise<void> {
    const id = 'sessionId' in this.#state ? this.#state.sessionId : undefined
    if (!id || !this.facts.canCancel) return
    this.#ask(true)
    const watch = this.#watch(this.client, id)
    const answer = await watch?.cancel()
    watch?.leave()
    const isStill = 'sessionId' in this.#state && this.#state.sessionId === id
    if (!answer || answer.ok || !isStill) return
    this.#ask(false, answer.message)
    this.announce(answer.message)
  }

  /** Shows a state, also one that somebody else follows. What `isOld` is shown without a word, even if it is the end. */
  take(state: WatchState, isOld = false): void {
    const { seen, news } = see(this.seen, state)
    if (seen.epoch !== this.seen.epoch) this.#isAsked = false
    this.seen = seen
    this.#state = state
    this.render()
    const isTold = news === 'end' && !this.#ends.tell(`${this.sessionId}`, `${seen.epoch}`)
    if (!news || isOld || isTold) return
    const { line, failure, phase, value } = this.facts
    this.announce(news === 'end' ? joinTexts(', ', line, failure) : joinTexts(', ', phase, value))
    if (news === 'step') return
    this.dispatchEvent(new CustomEvent<End>('progress-end', { detail: state as End, bubbles: true, composed: true }))
  }

  /** Says it once to those who cannot see. The region is never hidden: one that appears with its text stays unheard. */
  protected announce(text: string): void {
    this.announcer.textContent = text
  }

  /** A line of the job's output. */
  protected log?(item: LogItem): void

  protected override target(): string | null {
    return this.sessionId
  }

  protected override join(client: ProgressClient): () => void {
    if (this.#seenId !== this.sessionId) this.seen = UNSEEN
    this.#seenId = this.sessionId
    this.#refusal = ''
    this.announcer.textContent = ''
    const watch = this.#watch(client, `${this.sessionId}`)
    const stops = [watch?.subscribe((state) => this.take(state)), this.log && watch?.onLog((item) => this.log?.(item))]
    return () => {
      for (const stop of stops) stop?.() // before `leave`, which would be heard as the end
      watch?.leave()
      this.#state = IDLE
      this.#isAsked = false
    }
  }

  #ask(isAsked: boolean, refusal = ''): void {
    this.#isAsked = isAsked
    this.#refusal = refusal
    this.render()
  }

  /** A malformed id is the page's mistake: it is reported as any error of a page is, and shown as gone. */
  #watch(client: ProgressClient, id: string): Watch | undefined {
    try {
      return client.watch(id)
    } catch (error) {
      reportError(error)
      this.take({ status: 'gone', progress: 0, code: 'NOT_FOUND' })
      return undefined
    }
  }
}
