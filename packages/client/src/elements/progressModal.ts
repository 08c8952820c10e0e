// `<progress-modal>`: opens itself when it is given an id, shows all that is known, and leaves when it is closed.
import type { LogItem } from '../sessions/watchState'
import { make, mark } from './dom'
import { makeFace } from './face'
import { makeLogTail } from './logTail'
import type { ProgressClient } from './progressClient'
import type { Shared } from './progressElement'
import { SessionElement } from './sessionElement'
import { showSteps } from './steps'

/**
 * A dialog over the page. Attributes: `session-id`, `label`, `phases` (`upload,parse,insert`), `url`, `endpoint`, and
 * `escape`: `close` (the default; the work goes on), `cancel` (asks the work to stop; what cannot be stopped is closed) or
 * `none`. Events: `progress-end`, and `close` when it was closed.
 */
export class ProgressModal extends SessionElement {
  protected readonly announcer = make('p', 'unseen', { role: 'status' })
  readonly #face = makeFace()
  readonly #log = makeLogTail()
  readonly #steps = make('ol', 'steps')
  readonly #places = {
    title: make('h2', 'title', { id: 'title' }),
    line: make('p', 'line', { id: 'line' }),
    value: make('span', 'value'),
    eta: make('span', 'eta'),
    units: make('span', 'units'),
    rate: make('span', 'rate'),
    note: make('p', 'note'),
    connection: make('p', 'notice connection'),
    notice: make('p', 'notice'),
    failure: make('p', 'failure'),
    code: make('p', 'code'),
    log: this.#log.title,
    cancel: make('button', 'button cancel', { type: 'button' }),
    close: make('button', 'button close', { type: 'button', autofocus: '' }),
  }
  readonly #dialog: HTMLDialogElement
  #isOpen = false
  #opener: Element | null = null

  constructor(shared: Shared) {
    super(shared)
    const at = this.#places
    const { icon, bar } = this.#face
    const dialog = make(
      'dialog',
      'dialog',
      { 'aria-labelledby': 'title', 'aria-describedby': 'line' },
      make('header', 'header', {}, icon, make('div', 'heading', {}, at.title, at.line)),
      make(
        'div',
        'progress',
        {},
        make('div', 'row', {}, at.value, at.eta),
        bar,
        make('div', 'row', {}, at.units, at.rate),
      ),
      ...[this.#steps, at.note, at.connection, at.notice],
      make('div', 'error', {}, at.failure, at.code),
      this.#log.node,
      make('footer', 'actions', {}, at.cancel, at.close),
      this.announcer,
    )
    this.#dialog = dialog
    this.root.append(dialog)
    at.cancel.addEventListener('click', () => void this.cancel())
    at.close.addEventListener('click', () => this.close())
    dialog.addEventListener('cancel', (event) => this.#escape(event)) // Escape, or the gesture of a phone
    // Chromium closes on a second Escape whatever `cancel` says, unless the key itself is taken.
    dialog.addEventListener('keydown', (event) => event.key === 'Escape' && this.#escape(event))
    dialog.addEventListener('close', () => !dialog.open && this.isConnected && this.close())
  }

  /** Is it shown? */
  get open(): boolean {
    return this.#isOpen
  }

  /** The steps that are known beforehand; those that come up are added. Attribute `phases`: their names with commas. */
  get phases(): readonly string[] {
    return (
      this.getAttribute('phases')
        ?.split(/\s*,\s*/)
        .filter(Boolean) ?? []
    )
  }
  set phases(phases: readonly string[] | null | undefined) {
    this.reflect('phases', phases?.join())
  }

  /** Shows it, and joins. Giving it an id does the same. */
  show(): void {
    this.#isOpen = true
    this.settle()
  }

  /** Hides it, and leaves. The work goes on. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#dialog.close()
    this.settle()
    this.dispatchEvent(new Event('close'))
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (name === 'session-id') this.#isOpen = !!value
    super.attributeChangedCallback(name, before, value)
  }

  override disconnectedCallback(): void {
    const wasOpen = this.#dialog.open
    this.#dialog.close() // out of the document it would come back as a dialog that is not modal
    // A dialog that is closed gives the focus back; one that is taken away does not.
    if (wasOpen && this.#opener instanceof HTMLElement) this.#opener.focus()
    super.disconnectedCallback()
  }

  protected override target(): string | null {
    return this.#isOpen ? super.target() : null
  }

  protected override join(client: ProgressClient): () => void {
    this.#log.clear() // the watch tells all known lines again
    return super.join(client)
  }

  protected override log(item: LogItem): void {
    this.#log.add(item, this.texts)
  }

  protected override render(): void {
    if (!this.#isOpen) {
      this.#dialog.close()
      return
    }
    const { facts, texts } = this
    const { cancel, close } = this.#places
    if (!facts.cancel && cancel.matches(':focus')) close.focus() // it is about to vanish
    this.#face.update(this.#dialog, this.#places, facts)
    mark(cancel, { 'aria-disabled': facts.canCancel ? null : 'true' })
    showSteps(this.#steps, [...new Set([...this.phases, ...this.seen.steps])], facts, texts.done)
    if (this.#dialog.open || !this.isConnected) return // taken out a moment ago, it may still hear a state
    this.#opener = document.activeElement
    this.#dialog.showModal()
  }

  #escape(event: Event): void {
    event.preventDefault()
    const way = this.getAttribute('escape')
    // A key that is held down is one wish: what has just asked for a cancel must not close, too.
    if (way === 'none' || (event as Partial<KeyboardEvent>).repeat) return
    if (way === 'cancel' && this.facts.canCancel) void this.cancel()
    else this.close()
  }
}
