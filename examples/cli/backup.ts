// Something to follow, where no address is given: a server without sockets, and a backup that fails when it is told to.
import { createServer, type Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { allowAnonymous, ProgressError, ProgressTracker, serveProgress } from '@progress/server'

/** Starts a backup under the id `nightly`, and serves its progress. */
export function serveBackup(fails: boolean): { http: Server; close(): Promise<void> } {
  const tracker = new ProgressTracker()
  const progress = serveProgress(tracker, { authenticate: allowAnonymous() })
  const http = createServer((req, res) => progress.http(req, res))

  void tracker.run('backup', { owner: null, id: 'nightly', total: 200, unit: 'MB' }, async (task) => {
    for (let megabyte = 1; megabyte <= 200; megabyte++) {
      await pause(12)
      task.update({ current: megabyte, message: `${megabyte} MB` })
      if (fails && megabyte === 100) throw new ProgressError('NETWORK_ERROR', 'The other side hung up')
    }
  })
  return {
    http,
    async close() {
      await progress.close()
      http.close()
    },
  }
}
