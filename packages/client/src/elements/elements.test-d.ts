import { expectTypeOf, it } from 'vitest'
import { WebSocketClient } from '../client'
import type { End } from '../sessions/watchState'
import type { ProgressClient, ProgressElementsJsx, ProgressModal, ProgressTray } from './index'

it('types the elements by their tags, and their events', () => {
  const modal = document.createElement('progress-modal')
  expectTypeOf(modal).toEqualTypeOf<ProgressModal>()
  expectTypeOf(document.querySelector('progress-tray')).toEqualTypeOf<ProgressTray | null>()
  modal.addEventListener('progress-end', (event) => expectTypeOf(event.detail).toEqualTypeOf<End>())
  modal.sessionId = null
  modal.client = new WebSocketClient()
  // @ts-expect-error an id is a text
  modal.sessionId = 7
})

it('takes the real client', () => {
  expectTypeOf<WebSocketClient>().toExtend<ProgressClient>()
})

it('types JSX', () => {
  expectTypeOf<{ 'session-id': string; escape: 'cancel' }>().toExtend<ProgressElementsJsx['progress-modal']>()
  expectTypeOf<{ escape: 'never' }>().not.toExtend<ProgressElementsJsx['progress-modal']>()
})
