// In the DOM of a test runner, for those who test a page that uses the elements.
import { buildSnapshot } from '@progress/protocol/testing'
import { beforeAll, expect, it } from 'vitest'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { setUp } from './rig.test-kit'

beforeAll(() => defineProgressElements(createFakeClient))

it('works in happy-dom', async () => {
  const modal = await setUp('progress-modal', { sessionId: 'it' })
  modal.client.run('it', { progress: 40, message: 'Reading' })
  expect([modal.text('line'), modal.text('value'), modal.element.open]).toEqual(['Reading', '40%', true])
  const tray = await setUp('progress-tray', { expanded: true })
  tray.client.mine([buildSnapshot('active', { sessionId: 'it' })])
  expect(tray.part('list').children.length).toBe(1)
})
