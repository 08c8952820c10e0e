// What people prefer: less motion, and a dark page.
import { afterEach, beforeAll, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { setUp } from './rig.test-kit'

beforeAll(() => defineProgressElements(createFakeClient))
afterEach(() => document.body.replaceChildren())

const prefer = (name: string, value: string): Promise<unknown> =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name, value }] })

it('moves nothing for those who prefer that', async () => {
  const { client, element } = await setUp('progress-modal', { sessionId: 'it' })
  client.run('it', { indeterminate: true })
  const moving = (): number =>
    (element.shadowRoot?.getAnimations() ?? []).filter(({ effect }) => effect?.getTiming().iterations === Infinity)
      .length
  expect(moving()).toBe(2) // the bar and the sign
  await prefer('prefers-reduced-motion', 'reduce')
  expect(moving()).toBe(0)
  await prefer('prefers-reduced-motion', '')
})

it('is dark where the page is, be it by itself or as people prefer', async () => {
  const { part } = await setUp('progress-modal', { sessionId: 'it' })
  const background = (): string => getComputedStyle(part('dialog')).backgroundColor
  const { style } = document.documentElement
  const light = background()
  style.colorScheme = 'dark'
  const dark = background()
  expect(dark).not.toBe(light)
  style.colorScheme = 'light dark'
  expect(background()).toBe(light)
  await prefer('prefers-color-scheme', 'dark')
  expect(background()).toBe(dark)
  await prefer('prefers-color-scheme', '')
  style.colorScheme = ''
})

it('is coloured by the page', async () => {
  const { client, element, part } = await setUp('progress-meter', { sessionId: 'it' })
  client.run('it')
  element.style.setProperty('--progress-accent', 'rgb(1, 2, 3)')
  expect(getComputedStyle(part('fill')).backgroundColor).toBe('rgb(1, 2, 3)')
  const sheet = document.head.appendChild(document.createElement('style'))
  sheet.textContent = 'progress-meter::part(bar) { height: 20px }'
  expect(getComputedStyle(part('bar')).height).toBe('20px')
  sheet.remove()
})
