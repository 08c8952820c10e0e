// No Socket.IO anywhere: one function from Request to Response, as Next.js, Hono, Bun and Workers want it.
import { setTimeout as pause } from 'node:timers/promises'
import { allowAnonymous, ProgressTracker, serveProgress } from '@progress/server'

const tracker = new ProgressTracker()

/** Close it when the process is asked to end. */
export const progress = serveProgress(tracker, { authenticate: allowAnonymous() })

/** `POST /report` starts the work, `/api/progress` tells of it. */
export async function handle(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname.startsWith('/api/progress')) return progress.fetch(request)
  if (pathname !== '/report' || request.method !== 'POST') return new Response(null, { status: 404 })

  const job = tracker.run('report', { owner: null, total: 12, unit: 'months' }, async (task) => {
    for (let month = 1; month <= 12; month++) {
      task.update({ message: `Adding up month ${month}` })
      await pause(150, undefined, { signal: task.signal })
      task.advance()
    }
  })
  return Response.json({ sessionId: job.id }, { status: 202 })
}
