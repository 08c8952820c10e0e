// `<progress-meter>`: one session in a line or two, anywhere in a page.
import { make } from './dom'
import { makeFace } from './face'
import type { Shared } from './progressElement'
import { SessionElement } from './sessionElement'

/**
 * An inline bar. Attributes: `session-id`, `label` (a heading), `quiet` (nothing is announced: for many in a page),
 * `url`, `endpoint`. Event: `progress-end`.
 */
export class ProgressMeter extends SessionElement {
  protected readonly announcer = make('span', 'unseen', { role: 'status' })
  readonly #face = makeFace()
  readonly #places = { title: make('strong', 'title'), brief: make('span', 'line'), value: make('span', 'value') }
  readonly #meter: HTMLElement

  constructor(shared: Shared) {
    super(shared)
    const { title, brief, value } = this.#places
    this.#meter = make('div', 'meter', {}, this.#face.icon, title, brief, value, this.#face.bar)
    this.root.append(this.#meter, this.announcer)
  }

  protected override announce(text: string): void {
    if (!this.hasAttribute('quiet')) super.announce(text)
  }

  protected override render(): void {
    this.#face.update(this.#meter, this.#places, this.facts)
  }
}
