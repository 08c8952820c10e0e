// What the elements must not do to a page, whatever a peer sends: make elements of text, break its policy, leave something.
import { buildSnapshot } from '@progress/protocol/testing'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { MINE } from './gallery.test-kit'
import { settled, setUp } from './rig.test-kit'

beforeAll(() => defineProgressElements(createFakeClient))
afterEach(() => document.body.replaceChildren())

const EVIL =
  '<script>globalThis.pwned=1</script><img src=x onerror="globalThis.pwned=1"><a href="javascript:pwned=1">x</a>'

it('case 56: markup in message, metadata, error, log and names makes no element', async () => {
  const modal = await setUp('progress-modal', { sessionId: 'it', phases: [EVIL, 'b'], label: '' })
  const meter = await setUp('progress-meter', { sessionId: 'it' })
  const tray = await setUp('progress-tray', { expanded: true })
  const odd = { operation: EVIL, message: EVIL, phase: EVIL, unit: EVIL, current: 1, total: 2, metadata: { a: EVIL } }
  const error = { code: EVIL, message: EVIL, reference: EVIL, retryable: true }
  for (const { client } of [modal, meter]) {
    client.run('it', { ...odd, cancelRequested: { at: 0, reason: EVIL } })
    client.log('it', { line: 0, text: EVIL, level: 'info', at: 0 })
    client.set('it', buildSnapshot('cancelled', { ...odd, sessionId: 'it', epoch: 'b', reason: EVIL }))
    client.set('it', buildSnapshot('completed', { ...odd, sessionId: 'it', epoch: 'c' }))
    client.set('it', buildSnapshot('error', { ...odd, sessionId: 'it', epoch: 'd', error }))
  }
  tray.client.mine([buildSnapshot('active', { ...odd, sessionId: 'it' })])
  await settled()
  for (const { element } of [modal, meter, tray]) {
    const roots = [element, ...(element.shadowRoot?.querySelectorAll('progress-meter') ?? [])]
    for (const { shadowRoot } of roots) expect(shadowRoot?.querySelector('script, img, a')).toBeNull()
  }
  expect(modal.element.shadowRoot?.textContent).toContain('<img src=x onerror=')
  expect('pwned' in globalThis).toBe(false)
  // The twin: parsed as HTML, the same text does make elements.
  const parsed = new DOMParser().parseFromString(EVIL, 'text/html')
  expect(parsed.querySelectorAll('script, img, a').length).toBe(3)
})

it('case 92: connecting and disconnecting 1,000 times leaves no watch and no listener', async () => {
  const client = createFakeClient()
  client.run('it')
  client.mine(MINE)
  const elements = (['progress-modal', 'progress-meter', 'progress-tray'] as const).map((tag) => {
    const element = document.createElement(tag)
    element.client = client
    element.setAttribute('session-id', 'it')
    return element
  })
  for (let times = 0; times < 1_000; times++) {
    document.body.append(...elements)
    if (times % 2 === 0) await settled()
    if (times === 0) expect([client.watched.get('it'), client.watched.get('(mine)')]).toEqual([2, 1])
    for (const element of elements) element.remove()
    if (times % 3 === 0) await settled()
  }
  await settled()
  expect([client.watched.size, client.listeners]).toEqual([0, 0])
})

it('never throws on odd snapshots', async () => {
  const { client, element } = await setUp('progress-modal', { sessionId: 'it' })
  const { client: mine } = await setUp('progress-tray', { expanded: true })
  for (const odd of [null, undefined, Number.NaN, -1, 1e308, {}, [], 'x'.repeat(100_000), Symbol('s'), () => {}]) {
    const fields = Object.fromEntries(
      'operation epoch progress current total unit phase message error duration etaMs ratePerSecond metadata'
        .split(' ')
        .map((name) => [name, odd]),
    )
    for (const status of ['active', 'error', 'completed', 'cancelled', 'constructor']) {
      client.set('it', { ...fields, status } as never)
      mine.mine([
        { ...fields, status, sessionId: odd },
        { ...fields, status, sessionId: 'x' },
      ] as never)
    }
    client.log('it', { line: odd, text: odd, level: odd, at: odd } as never)
  }
  expect((element.shadowRoot?.textContent ?? '').length).toBeLessThan(20_000)
})

it('works under a strict Content-Security-Policy, without a violation', async () => {
  const frame = document.createElement('iframe')
  const policy =
    "default-src 'none'; script-src 'self' 'nonce-n'; connect-src *; require-trusted-types-for 'script'; trusted-types 'none'"
  const module = new URL('./define.ts', import.meta.url).href
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}">
    <script type="module" nonce="n">
      import { defineProgressElements } from '${module}'
      defineProgressElements(() => parent.clientForFrame)
    </script>`
  const client = createFakeClient()
  Object.assign(globalThis, { clientForFrame: client })
  document.body.append(frame)
  await new Promise((resolve) => frame.addEventListener('load', resolve))
  const inside = frame.contentWindow as Window & typeof globalThis
  const violations: string[] = []
  inside.document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
  await inside.customElements.whenDefined('progress-tray')
  const modal = inside.document.createElement('progress-modal')
  const tray = inside.document.createElement('progress-tray')
  modal.sessionId = 'it'
  tray.expanded = true
  inside.document.body.append(modal, tray)
  client.mine(MINE)
  await settled()
  client.run('it', { progress: 40, phase: 'a', message: 'm' })
  client.log('it', { line: 0, text: 'a', level: 'info', at: 0 })
  const bar = modal.shadowRoot?.querySelector<HTMLElement>('[part=bar]')
  const fill = modal.shadowRoot?.querySelector<HTMLElement>('[part=fill]')
  expect(inside.getComputedStyle(bar as HTMLElement).height).toBe('8px') // the sheet holds
  expect(fill?.style.inlineSize).toBe('40%')
  expect(violations).toEqual([])
  // The twin: the policy does bite.
  const broken = new Promise<void>((resolve) =>
    inside.document.addEventListener('securitypolicyviolation', () => resolve(), { once: true }),
  )
  modal.setAttribute('style', 'color: red')
  await broken
  expect(violations).toEqual(['style-src-attr'])
})

it('is defined once, whoever comes second', () => {
  const before = customElements.get('progress-modal')
  expect(() => defineProgressElements(createFakeClient)).not.toThrow()
  expect(customElements.get('progress-modal')).toBe(before)
})
