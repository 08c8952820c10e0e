// The entry, as a page imports it, with the real client.
import { expect, it } from 'vitest'
import { WebSocketClient } from '../client'
import './index'
import { settled } from './rig.test-kit'

it('defines the elements, which share one client that is made when it is needed', async () => {
  const modal = document.createElement('progress-modal')
  const meter = document.createElement('progress-meter')
  document.body.append(modal, meter)
  await settled()
  expect(modal.client).toBeInstanceOf(WebSocketClient)
  expect(modal.client).toBe(meter.client)
  expect(modal.client.connection.status).toBe('idle') // nobody watches, nobody dials
  const own = new WebSocketClient({ transport: ['poll'] })
  meter.client = own
  meter.sessionId = 'it'
  await settled()
  expect(meter.shadowRoot?.textContent).toContain('Waiting for it to start…')
  meter.remove()
  own.close()
})

it('is harmless when it comes a second time, from another file', async () => {
  const before = customElements.get('progress-tray')
  await import(/* @vite-ignore */ `${new URL('./index.ts', import.meta.url).href}?again`)
  expect(customElements.get('progress-tray')).toBe(before)
})
