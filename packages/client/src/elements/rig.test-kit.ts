// An element on a page, with a client that the test plays.
import { createFakeClient, type FakeClient } from './fakeClient.test-kit'

/** An element and its client. */
export interface Rig<K extends keyof HTMLElementTagNameMap> {
  readonly client: FakeClient
  readonly element: HTMLElementTagNameMap[K]
  /** The first node with this part, in the shadow of the element. */
  part(name: string): HTMLElement
  /** Its text; empty where it is hidden. */
  text(name: string): string
}

/** What has been set takes effect. */
export const settled = (): Promise<void> => Promise.resolve()

/** Puts an element on the page. */
export async function setUp<K extends 'progress-modal' | 'progress-meter' | 'progress-tray'>(
  tag: K,
  fields: Partial<HTMLElementTagNameMap[K]> = {},
): Promise<Rig<K>> {
  const client = createFakeClient()
  const element = document.createElement(tag)
  Object.assign(element, { client, ...fields })
  document.body.append(element)
  await settled()
  const part = (name: string): HTMLElement => {
    const found = element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`)
    if (!found) throw new Error(`no part ${name}`)
    return found
  }
  return { client, element, part, text: (name) => (part(name).hidden ? '' : (part(name).textContent ?? '')) }
}
