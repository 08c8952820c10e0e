// The seed's walk with a client that is not JavaScript: Debian's python3-socketio.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { seedApp } from '../support/seedApp'

const PYTHON = '/usr/bin/python3'
const walk = new URL('../support/walk.py', import.meta.url).pathname
const hasClient = spawnSync(PYTHON, ['-c', 'import socketio, requests, websocket']).status === 0
const isDemanded = Boolean(process.env['CI'])
if (!hasClient)
  process.stderr.write(
    'SKIPPED: no python3-socketio here (apt-get install python3-socketio python3-requests python3-websocket)\n',
  )

describe('a client in Python', () => {
  it.skipIf(!hasClient && !isDemanded).each(['websocket', 'polling'])(
    'walks as the seed does, by %s',
    async (transport) => {
      await using app = await seedApp()
      const cookie = await app.login('ada')
      const id = app.tracker.createSession({ operation: 'csv-import' })
      app.tracker.updateProgress(id, 40, 'Reading')

      const python = spawn(PYTHON, [walk, app.url, cookie, id, transport], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exited = once(python, 'exit')
      const heard: { event: string; payload: Record<string, unknown> }[] = []
      for await (const line of createInterface({ input: python.stdout })) {
        heard.push(JSON.parse(line))
        const [first] = heard
        if (heard.length === 1 && first?.event === 'progress-status') {
          app.tracker.updateProgress(id, 60, 'Writing')
          app.tracker.completeSession(id, 'ok', { rowsProcessed: 5000 })
        }
      }
      expect(await exited).toEqual([0, null])
      expect(heard[0]).toMatchObject({
        event: 'progress-status',
        payload: { sessionId: id, progress: 40, message: 'Reading' },
      })
      const end = heard.find(({ event }) => event === 'progress-complete')
      expect(end?.payload).toMatchObject({ sessionId: id, status: 'completed', metadata: { rowsProcessed: 5000 } })
      expect(heard.at(-1)).toMatchObject({
        event: 'answer',
        payload: { success: true, status: { status: 'completed' } },
      })
    },
  )
})
