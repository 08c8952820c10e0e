// All states in a real browser, light and dark: nothing that axe objects to, and a picture of each in `.artifacts/elements`.
import axe from 'axe-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { MINE, SESSION_STATES } from './gallery.test-kit'

const PICTURES = '../../../../.artifacts/elements'
const SCHEMES = ['light', 'dark'] as const

beforeAll(() => {
  defineProgressElements(createFakeClient)
  document.documentElement.lang = 'en'
  document.title = 'Elements'
})
afterEach(() => document.body.replaceChildren())

function pageIn(scheme: string): HTMLElement {
  document.documentElement.style.colorScheme = scheme
  document.body.style.background = 'Canvas'
  const main = document.createElement('main')
  main.style.cssText = 'padding:24px;min-height:100vh;box-sizing:border-box'
  document.body.append(main)
  return main
}

const settled = (): Promise<void> => Promise.resolve()

async function complaints(): Promise<string[]> {
  const hosts = document.querySelectorAll('progress-modal, progress-meter, progress-tray')
  for (const animation of [...hosts].flatMap((host) => host.shadowRoot?.getAnimations() ?? [])) {
    if (animation.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY) {
      animation.pause()
      animation.currentTime = 700
    } else animation.finish() // a card that is still fading in has no contrast yet
  }
  const { violations } = await axe.run(document, { rules: { 'page-has-heading-one': { enabled: false } } })
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))
}

describe.each(SCHEMES)('%s', (scheme) => {
  it.each(Object.keys(SESSION_STATES))('modal: %s', async (name) => {
    await page.viewport(600, 620)
    const client = createFakeClient()
    const modal = document.createElement('progress-modal')
    Object.assign(modal, { client, sessionId: 'it', phases: ['upload', 'parse', 'insert'] })
    pageIn(scheme).append(modal)
    await settled()
    SESSION_STATES[name]?.(client)
    expect(await complaints()).toEqual([])
    await page.screenshot({ path: `${PICTURES}/modal-${name.replace(' ', '-')}-${scheme}.png` })
  })

  it('meters', async () => {
    await page.viewport(600, 620)
    const main = pageIn(scheme)
    main.style.display = 'grid'
    main.style.gap = '20px'
    for (const [name, play] of Object.entries(SESSION_STATES)) {
      const client = createFakeClient()
      const meter = document.createElement('progress-meter')
      Object.assign(meter, { client, sessionId: 'it', label: name === 'early' ? 'Customers' : '' })
      main.append(meter)
      await settled()
      play(client)
    }
    main.style.gridTemplateColumns = '1fr 1fr'
    expect(await complaints()).toEqual([])
    await page.screenshot({ path: `${PICTURES}/meters-${scheme}.png` })
  })

  it.each(['collapsed', 'expanded', 'empty', 'reconnecting'])('tray: %s', async (name) => {
    await page.viewport(420, 480)
    const client = createFakeClient()
    const tray = document.createElement('progress-tray')
    Object.assign(tray, { client, expanded: name !== 'collapsed' })
    pageIn(scheme).append(tray)
    client.mine(name === 'empty' ? [] : MINE)
    await settled()
    if (name === 'reconnecting') client.connect('reconnecting')
    expect(await complaints()).toEqual([])
    await page.screenshot({ path: `${PICTURES}/tray-${name}-${scheme}.png` })
  })

  it('modal: at 320 px', async () => {
    await page.viewport(320, 640)
    const client = createFakeClient()
    const modal = document.createElement('progress-modal')
    Object.assign(modal, { client, sessionId: 'it', phases: ['upload', 'parse', 'insert'] })
    pageIn(scheme).append(modal)
    await settled()
    SESSION_STATES['rich']?.(client)
    const dialog = modal.shadowRoot?.querySelector('dialog')
    expect(dialog?.scrollWidth).toBeLessThanOrEqual(dialog?.clientWidth ?? 0)
    expect(dialog?.getBoundingClientRect().width).toBeLessThanOrEqual(320)
    expect(await complaints()).toEqual([])
    await page.screenshot({ path: `${PICTURES}/narrow-${scheme}.png` })
  })
})

it('has a twin: a bar without a name is objected to, in the shadow of an element, too', async () => {
  const meter = document.createElement('progress-meter')
  Object.assign(meter, { client: createFakeClient(), sessionId: 'it' })
  pageIn('light').append(meter)
  await settled()
  meter.shadowRoot?.querySelector('[part=bar]')?.removeAttribute('aria-label')
  expect((await complaints()).join()).toContain('aria-progressbar-name')
})
