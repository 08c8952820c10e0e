import { afterEach, beforeAll, expect, it } from 'vitest'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { settled, setUp } from './rig.test-kit'

beforeAll(() => defineProgressElements(createFakeClient))
afterEach(() => document.body.replaceChildren())

it('shows a session in a line, with a heading only where one was given', async () => {
  const { client, element, part, text } = await setUp('progress-meter', { sessionId: 'it' })
  client.run('it', { progress: 40, message: 'Reading' })
  expect([text('line'), text('value'), part('fill').style.inlineSize]).toEqual(['Reading', '40%', '40%'])
  expect(getComputedStyle(part('title')).display).toBe('none')
  element.label = 'Customers'
  await settled()
  expect([text('title'), getComputedStyle(part('title')).display]).toEqual(['Customers', 'block'])
  expect(part('bar').ariaLabel).toBe('Customers')
})

it('joins by its attribute, and by nothing else', async () => {
  const { client, element } = await setUp('progress-meter')
  expect(client.watched.size).toBe(0)
  element.setAttribute('session-id', 'it')
  await settled()
  expect(client.watched.get('it')).toBe(1)
  element.remove()
  await settled()
  expect([client.watched.size, client.listeners]).toEqual([0, 0])
})

it('announces nothing where it is quiet', async () => {
  const { client, element } = await setUp('progress-meter', { sessionId: 'it' })
  element.setAttribute('quiet', '')
  for (const progress of [0, 30, 60, 90]) client.run('it', { progress })
  expect(element.shadowRoot?.querySelector('[role=status]')?.textContent).toBe('')
})

it('shows a refusal of a cancel only on the session that was to be cancelled', async () => {
  const { client, element, text } = await setUp('progress-meter', { sessionId: 'one' })
  client.answer = { ok: false, code: 'NOT_CANCELLABLE', message: 'It is too late.' }
  for (const id of ['one', 'two']) client.run(id)
  const asked = element.cancel()
  element.sessionId = 'two'
  await settled()
  await asked
  expect([client.cancelled, text('line')]).toEqual([['one'], 'Working…'])
})

it('shares the client of its url and endpoint with others, made when it is needed', async () => {
  const one = document.createElement('progress-meter')
  const two = document.createElement('progress-meter')
  two.setAttribute('endpoint', '/elsewhere')
  expect(one.client).not.toBe(two.client)
  two.removeAttribute('endpoint')
  expect(one.client).toBe(two.client)
})
