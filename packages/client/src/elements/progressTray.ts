// `<progress-tray>`: my running and just finished work, in a corner of the page.
import type { Snapshot } from '@progress/protocol/wire'
import type { MyState } from '../sessions/watches'
import { draw, fill, icon, make, mark, show } from './dom'
import { DRAWINGS } from './face'
import type { ProgressClient } from './progressClient'
import { ProgressElement, type Shared } from './progressElement'
import type { ProgressMeter } from './progressMeter'
import type { ProgressModal } from './progressModal'
import { isEnd, joinTexts, textOf } from './reading'
import type { ProgressTexts } from './texts'

/** One piece of work. */
interface Row {
  readonly node: HTMLElement
  readonly meter: ProgressMeter
  readonly open: HTMLElement
  readonly cancel: HTMLElement
  /** What the meter was told to say. */
  texts?: ProgressTexts
}

const MAX_ROWS = 50

/**
 * My work. It is hidden while there is nothing to show, unless it is `expanded` or `persistent`. Attributes: `expanded`,
 * `persistent`, `corner` (`bottom-end`, the default, `bottom-start`, `top-end`, `top-start`, `none`: where it stands in the
 * page), `label`, `url`, `endpoint`. Events: `progress-open` before it shows a modal of its own, unless that is prevented, and
 * `progress-end` for work that ended while the tray was there.
 */
export class ProgressTray extends ProgressElement {
  readonly #rows = new Map<string, Row>()
  readonly #icon = icon('')
  readonly #places = {
    title: make('span', 'tray-title'),
    badge: make('span', 'badge', { 'aria-hidden': 'true' }),
    running: make('span', 'unseen'),
    notice: make('p', 'notice'),
    empty: make('p', 'empty'),
  }
  readonly #toggle = make('button', 'toggle', { type: 'button', 'aria-controls': 'panel' }, this.#icon)
  readonly #list = make('ul', 'list', { role: 'list' })
  readonly #panel = make('div', 'panel', { id: 'panel' }, this.#places.notice, this.#places.empty, this.#list)
  readonly #frame = make('section', 'tray', {}, this.#toggle, this.#panel)
  readonly #announcer = make('p', 'unseen', { role: 'status' })
  #mine: MyState = { status: 'waiting', sessions: [] }
  #modal: ProgressModal | undefined

  constructor(shared: Shared) {
    super(shared)
    const chevron = icon('M6 15l6-6 6 6')
    chevron.classList.add('chevron')
    this.#toggle.append(this.#places.title, this.#places.badge, this.#places.running, chevron)
    this.#toggle.addEventListener('click', () => {
      this.expanded = !this.expanded
    })
    this.root.addEventListener('progress-end', (event) => {
      const { facts } = event.target as ProgressMeter
      // The meters tell the end of my work; the modal beside them would tell it twice.
      if (event.target === this.#modal) event.stopPropagation()
      else this.#announcer.textContent = `${facts.title}: ${joinTexts(', ', facts.line, facts.failure)}`
    })
    this.root.append(this.#frame, this.#announcer)
  }

  /** Is the list shown? Attribute `expanded`. */
  get expanded(): boolean {
    return this.hasAttribute('expanded')
  }
  set expanded(isExpanded: boolean) {
    this.toggleAttribute('expanded', isExpanded)
  }

  protected override target(): string {
    return 'mine'
  }

  protected override join(client: ProgressClient): () => void {
    this.#rows.clear() // they cancel by the client that they came from
    this.#list.replaceChildren()
    const mine = client.watchMine()
    const stop = mine.subscribe((state) => {
      this.#mine = state
      this.render()
    })
    return () => {
      stop()
      mine.leave()
    }
  }

  protected override render(): void {
    const { texts, expanded, connection } = this
    const sessions = this.#mine.sessions.slice(0, MAX_ROWS)
    const running = sessions.filter((one) => !isEnd(one)).length
    const badge = running > 0 ? this.format.number(running) : ''
    const tone = running > 0 ? 'run' : sessions[0] ? 'ok' : 'wait'
    const title = this.label || texts.tray
    const isBroken = connection === 'reconnecting'
    show(this.#frame, sessions.length > 0 || expanded || this.hasAttribute('persistent'))
    show(this.#panel, expanded)
    mark(this.#frame, { class: `tray ${tone}${isBroken ? ' still' : ''}`, 'aria-label': title })
    mark(this.#toggle, { 'aria-expanded': `${expanded}` })
    draw(this.#icon, DRAWINGS[tone])
    fill(this.#places, {
      ...{ title, badge },
      running: badge && texts.running(badge),
      notice: isBroken ? texts.reconnecting : connection === 'refused' ? texts.refusedHint : '',
      empty: sessions[0] ? '' : texts.empty,
    })
    this.#showRows(sessions)
  }

  #showRows(sessions: readonly Snapshot[]): void {
    const left = new Set(this.#rows.keys())
    for (const [at, snapshot] of sessions.entries()) {
      const id = textOf(snapshot.sessionId)
      const isNew = !this.#rows.has(id)
      const row = this.#rows.get(id) ?? this.#addRow(id)
      left.delete(id)
      const place = this.#list.children[at] ?? null
      if (place !== row.node) this.#list.insertBefore(row.node, place)
      this.#showRow(row, snapshot, isNew)
    }
    for (const id of left) {
      this.#rows.get(id)?.node.remove()
      this.#rows.delete(id)
    }
  }

  #showRow(row: Row, snapshot: Snapshot, isNew: boolean): void {
    const { meter, open, cancel } = row
    const { texts, lang, client } = this
    if (row.texts !== texts)
      Object.assign(meter, { texts, lang, client, label: texts.title(textOf(snapshot.operation)) })
    row.texts = texts
    meter.take(snapshot, isNew)
    const { facts } = meter
    if (!facts.cancel && cancel.matches(':focus')) open.focus() // it is about to vanish
    show(cancel, !!facts.cancel)
    mark(open, { 'aria-label': facts.title })
    mark(cancel, {
      'aria-label': `${facts.cancel}: ${facts.title}`,
      'aria-disabled': facts.canCancel ? null : 'true',
    })
  }

  #addRow(id: string): Row {
    const parts = 'icon,title,line,value,bar,fill'
    const meter = make('progress-meter', 'row-meter', { quiet: '', exportparts: parts }) as ProgressMeter
    const open = make('button', 'open', { type: 'button' })
    const cancel = make('button', 'row-cancel', { type: 'button' }, icon('M6 6l12 12M18 6L6 18'))
    const row: Row = { node: make('li', 'item', {}, meter, open, cancel), meter, open, cancel }
    open.addEventListener('click', () => this.#open(id))
    cancel.addEventListener('click', () => void meter.cancel())
    this.#rows.set(id, row)
    return row
  }

  #open(sessionId: string): void {
    const detail = { sessionId }
    const event = new CustomEvent('progress-open', { detail, bubbles: true, composed: true, cancelable: true })
    if (!this.dispatchEvent(event)) return
    this.#modal ??= this.root.appendChild(make('progress-modal', 'modal') as ProgressModal)
    const { client, texts, lang } = this
    Object.assign(this.#modal, { client, texts, lang, sessionId })
  }
}
