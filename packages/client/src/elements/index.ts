// The ready-made elements. Importing this file defines them, for that is what it is imported for; on a server it does nothing.
import { WebSocketClient } from '../client'
import type { End } from '../sessions/watchState'
import { defineProgressElements } from './define'
import type { ProgressMeter, ProgressModal, ProgressTray } from './publicTypes'

export type { ProgressElementsJsx } from './jsx'
export type { ProgressClient } from './progressClient'
export type { ProgressElement, ProgressMeter, ProgressModal, ProgressTray } from './publicTypes'
export type { ProgressTexts } from './texts'

declare global {
  interface HTMLElementTagNameMap {
    'progress-modal': ProgressModal
    'progress-meter': ProgressMeter
    'progress-tray': ProgressTray
  }
  interface GlobalEventHandlersEventMap {
    /** However it ended; once per epoch. It bubbles. */
    'progress-end': CustomEvent<End>
    /** Somebody chose a piece of work in the tray, which shows a modal of its own unless this is prevented. It bubbles. */
    'progress-open': CustomEvent<{ readonly sessionId: string }>
  }
}

defineProgressElements((url, endpoint) => {
  return new WebSocketClient({ ...(url !== null && { url }), ...(endpoint !== null && { endpoint }) })
})
