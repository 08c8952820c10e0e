// The whole of it: a tracker over a Socket.IO server, served to everybody, and one job after the other.
import type { Server as HttpServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { allowAnonymous, type ProgressServer, ProgressTracker, serveProgress } from '@progress/server'
import { Server } from 'socket.io'

const rows = Array.from({ length: 5_000 }, (_, n) => `row ${n}`)

/** Imports 5,000 rows under the id `import`, again and again, until it is closed. */
export function serveImports(http: HttpServer, msPerHundred = 120): ProgressServer {
  const tracker = new ProgressTracker(new Server(http))
  const progress = serveProgress(tracker, { authenticate: allowAnonymous() })

  async function importForever(): Promise<void> {
    for (;;) {
      await tracker.run('csv-import', { owner: null, id: 'import', unit: 'rows' }, async (task) => {
        task.update({ message: 'Reading customers.csv' })
        for (const row of task.track(rows)) {
          if (row.endsWith('00')) await pause(msPerHundred, undefined, { ref: false })
        }
        task.update({ message: 'Done' })
      })
      await pause(3_000, undefined, { ref: false })
    }
  }
  void importForever()
  return progress
}
