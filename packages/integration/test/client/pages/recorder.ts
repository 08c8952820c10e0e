// A page's script: it watches a session, and writes down all that reaches it.
import { type Connection, WebSocketClient } from '@progress/client'

/** What a page wrote down. */
export interface Recording {
  /** `EPOCH.REVISION` of each state, in order. */
  readonly positions: string[]
  readonly shown: { status: string; progress: number; at: number }[]
  readonly connections: Connection[]
  readonly ends: string[]
  /** Events of the client, as `client.on` gives them. */
  readonly completes: number[]
}

declare global {
  interface Window {
    client: WebSocketClient
    record(id: string): Recording
  }
}

window.client = new WebSocketClient()
window.record = (id) => {
  const recording: Recording = { positions: [], shown: [], connections: [], ends: [], completes: [] }
  window.client.on('connectionChange', (connection) => recording.connections.push(connection))
  window.client.on('progressComplete', ({ progress }) => recording.completes.push(progress))
  const watch = window.client.watch(id)
  watch.onEnd(({ status }) => recording.ends.push(status))
  watch.subscribe((state) => {
    recording.shown.push({ status: state.status, progress: state.progress, at: performance.now() })
    if ('epoch' in state) recording.positions.push(`${state.epoch}.${state.revision}`)
  })
  return Object.assign(window, { recording }).recording
}
