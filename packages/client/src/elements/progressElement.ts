// What all elements share: the client, the texts, the language, and joining only while there is something to join.
import type { Connection } from '../connection/status'
import { createFormat, type Format } from './format'
import type { ProgressClient } from './progressClient'
import type { ClientFor } from './sharedClient'
import { type ProgressTexts, TEXTS } from './texts'

/** What the elements of a page share. */
export interface Shared {
  readonly clientFor: ClientFor
  readonly sheet: () => CSSStyleSheet
}

/** Where there is no DOM (Node, a server that renders), the classes exist and nobody can make one. */
const Host = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

/** Base of the elements. Attributes and properties may come in any order: what follows from them is done once, a moment later. */
export abstract class ProgressElement extends Host {
  static readonly observedAttributes: readonly string[] = [
    ...['session-id', 'url', 'endpoint', 'label', 'phases', 'lang', 'expanded', 'persistent'],
  ]
  protected readonly root: ShadowRoot
  protected format: Format = createFormat('')
  /** The client of the join that stands. */
  protected joined: ProgressClient | undefined
  readonly #shared: Shared
  #client: ProgressClient | undefined
  #texts = TEXTS
  #isSettling = false
  #target: string | null = null
  #leave: (() => void) | undefined

  constructor(shared: Shared) {
    super()
    this.#shared = shared
    this.root = this.attachShadow({ mode: 'open' })
    this.root.adoptedStyleSheets = [shared.sheet()]
  }

  /** Default: one client that all elements with the same `url` and `endpoint` share. */
  get client(): ProgressClient {
    return this.#client ?? this.#shared.clientFor(this.getAttribute('url'), this.getAttribute('endpoint'))
  }
  set client(client: ProgressClient | null | undefined) {
    this.#client = client ?? undefined
    this.settle()
  }

  /** What it says; those that are left out are said in English. */
  get texts(): ProgressTexts {
    return this.#texts
  }
  set texts(texts: Partial<ProgressTexts>) {
    this.#texts = { ...TEXTS, ...texts }
    this.settle()
  }

  /** Heading; default: the operation's name. Attribute `label`. */
  get label(): string {
    return this.getAttribute('label') ?? ''
  }
  set label(label: string | null | undefined) {
    this.reflect('label', label)
  }

  connectedCallback(): void {
    // What a page set before this class was known lies on the element itself, and hides the accessors.
    const own = this as unknown as Record<string, unknown>
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue
      const value = own[name]
      delete own[name]
      own[name] = value
    }
    this.settle()
  }

  disconnectedCallback(): void {
    this.settle()
  }

  attributeChangedCallback(_name: string, _before: string | null, _value: string | null): void {
    this.settle()
  }

  /** What is to be joined: the same text, the same join; `null` for nothing. */
  protected abstract target(): string | null
  /** Joins; what comes back leaves. */
  protected abstract join(client: ProgressClient): () => void
  /** Shows how it stands. */
  protected abstract render(): void

  /** How the client that was joined is connected. By server-sent events nothing comes later than by a socket. */
  protected get connection(): Connection['status'] {
    const { status = 'idle', transport } = this.joined?.connection ?? {}
    return transport === 'sse' ? 'connected' : status
  }

  protected reflect(name: string, value: string | null | undefined): void {
    if (value) this.setAttribute(name, value)
    else this.removeAttribute(name)
  }

  /** Joins, leaves and shows what is due, once for all that changes now. An element that is only moved stays joined. */
  protected settle(): void {
    if (this.#isSettling) return
    this.#isSettling = true
    queueMicrotask(() => {
      this.#isSettling = false
      this.format = createFormat(this.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang)
      this.#follow()
      if (this.isConnected) this.render()
    })
  }

  #follow(): void {
    const target = this.isConnected ? this.target() : null
    const client = target === null ? undefined : this.client
    if (client === this.joined && target === this.#target) return
    this.#leave?.()
    this.#leave = undefined
    this.joined = client
    this.#target = target
    if (!client) return
    const onConnection = (): void => this.render()
    client.on('connectionChange', onConnection)
    const leave = this.join(client)
    this.#leave = () => {
      client.off('connectionChange', onConnection)
      leave()
    }
  }
}
