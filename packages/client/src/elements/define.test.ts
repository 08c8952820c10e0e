// On a server, where there is no DOM.
import { expect, it } from 'vitest'

it('does nothing where there is no DOM, and does not throw', async () => {
  expect('HTMLElement' in globalThis).toBe(false)
  await expect(import('./index')).resolves.toBeDefined()
})
