// The far end of `createTestProgress().as(user)`: a real tracker that words its states itself; they are told apart by their
// messages, and handed on as the contract has said them.

import type { FarLine, TransportAndServer } from '@progress/client/conformance'
import type { ServerEventName, Snapshot } from '@progress/protocol'
import type { TestProgress } from '@progress/server/testing'

/** Ada's way to a tracker with three sessions of hers. */
export function farTestProgress(test: TestProgress): TransportAndServer {
  const transport = test.as('ada')
  const lines: FarLine[] = []
  const said = new Map<unknown, unknown>()
  for (const id of ['a', 'b', 'c']) test.tracker.createSessionWithId(id, {}, { owner: 'ada' })

  const say = (name: ServerEventName, payload: unknown): void => {
    const { sessionId, progress, message } = payload as Snapshot
    said.set(message, payload)
    if (name === 'progress-complete') test.tracker.completeSession(sessionId, message)
    else test.tracker.updateProgress(sessionId, progress, message)
  }
  const drop = (): void => {
    test.network.cut()
    test.network.restore()
  }
  return {
    transport: {
      ...transport,
      open: (listener) =>
        transport.open({
          opened() {
            lines.push({ heard: [], isOpen: true, say, drop, bye: drop })
            listener.opened()
          },
          closed: (why) => listener.closed(why),
          event: (name, payload) => listener.event(name, said.get((payload as Snapshot).message) ?? payload),
        }),
    },
    server: {
      lines,
      meet: (luck) => (luck === 'taken' ? test.network.restore() : test.network.cut()),
      close: () => test[Symbol.asyncDispose](),
    },
  }
}
