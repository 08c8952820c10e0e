// A bare Socket.IO server whose words are the protocol's: the compiler knows every event, command and answer.
import type { Server as HttpServer } from 'node:http'
import {
  type ActiveSnapshot,
  type ClientToServerEvents,
  epochAt,
  refusal,
  type ServerToClientEvents,
} from '@progress/protocol'
import { Server } from 'socket.io'

/** One import of 5,000 rows that everybody may watch; it starts anew when it is done. Answers how to stop it. */
export function serveImport(http: HttpServer, everyMs = 200): () => void {
  const io = new Server<ClientToServerEvents, ServerToClientEvents>(http)
  let snapshot = begin()

  io.on('connection', (socket) => {
    socket.on('join-progress', (id, _options, ack) => {
      if (id !== snapshot.sessionId) return ack?.(refusal('NOT_FOUND'))
      void socket.join(`progress-${id}`)
      ack?.({ success: true, status: snapshot })
    })
  })

  let timer = setTimeout(step, everyMs)

  function step(): void {
    const now = Date.now()
    const room = io.to(`progress-${snapshot.sessionId}`)
    const current = Math.min(5_000, (snapshot.current ?? 0) + 125)
    snapshot = { ...snapshot, revision: snapshot.revision + 1, current, progress: current / 50, timestamp: now }
    if (current < 5_000) {
      room.emit('progress-update', snapshot)
      timer = setTimeout(step, everyMs)
      return
    }
    const { worker: _worker, cancellable: _cancellable, ...rest } = snapshot
    const result = { rows: current }
    room.emit('progress-complete', { ...rest, status: 'completed', result, duration: now - snapshot.createdAt })
    snapshot = begin()
    timer = setTimeout(step, 3_000)
  }

  return () => {
    clearTimeout(timer)
    void io.close()
  }
}

function begin(): ActiveSnapshot {
  const now = Date.now()
  return {
    sessionId: 'import',
    operation: 'csv-import',
    epoch: epochAt(now, Math.random),
    revision: 1,
    status: 'active',
    progress: 0,
    current: 0,
    total: 5_000,
    unit: 'rows',
    metadata: { operation: 'csv-import', filename: 'customers.csv' },
    attempt: 1,
    worker: 'alive',
    cancellable: false,
    createdAt: now,
    timestamp: now,
  }
}
