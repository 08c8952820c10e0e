// The elements as a page sees them. Interfaces, not the classes: a program that loads this entry both as ESM and as CommonJS
// declares the elements' names twice, and only what has no private parts is then the same.
import type { End } from '../sessions/watchState'
import type { ProgressClient } from './progressClient'
import type { ProgressTexts } from './texts'

/** What all elements have. */
export interface ProgressElement extends HTMLElement {
  /** Default: one client that all elements with the same `url` and `endpoint` share. */
  get client(): ProgressClient
  set client(client: ProgressClient | null | undefined)
  /** What it says; those that are left out are said in English. */
  get texts(): ProgressTexts
  set texts(texts: Partial<ProgressTexts>)
  /** Heading; default: the operation's name. Attribute `label`. */
  get label(): string
  set label(label: string | null | undefined)
  addEventListener(
    type: 'progress-end',
    listener: (event: CustomEvent<End>) => void,
    options?: AddEventListenerOptions | boolean,
  ): void
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions | boolean,
  ): void
}

interface OfSession extends ProgressElement {
  /** Which session; `null` or empty for none. Attribute `session-id`. */
  get sessionId(): string | null
  set sessionId(id: string | null | undefined)
  /** Asks the work to stop, where it can be. A refusal is shown. */
  cancel(): Promise<void>
}

/** A dialog over the page. It opens itself when given an id, joins, and leaves when closed. */
export interface ProgressModal extends OfSession {
  /** Is it shown? */
  readonly open: boolean
  /** The steps that are known beforehand; those that come up are added. Attribute `phases`: their names with commas. */
  get phases(): readonly string[]
  set phases(phases: readonly string[] | null | undefined)
  /** Shows it, and joins. */
  show(): void
  /** Hides it, and leaves. The work goes on. */
  close(): void
}

/** An inline bar. */
export interface ProgressMeter extends OfSession {}

/** My running and just finished work, for any corner of a page. */
export interface ProgressTray extends ProgressElement {
  /** Is the list shown? Attribute `expanded`. */
  expanded: boolean
}
