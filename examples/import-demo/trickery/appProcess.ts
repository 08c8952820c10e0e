// The app as a process of its own, so that it can be killed: says its port to whoever started it, and goes with them.
import { setTimeout as pause } from 'node:timers/promises'
import { makeApp } from '../server'

const { DEMO_FOLDER = '', DEMO_SECURE, DEMO_PACE_MS, SESSION_SECRET = '' } = process.env
const paceMs = Number(DEMO_PACE_MS)

const { http, progress } = makeApp({
  folder: DEMO_FOLDER,
  secret: SESSION_SECRET,
  isSecure: DEMO_SECURE === 'yes',
  // At full speed 50,000 rows are done before anybody could break anything.
  ...(paceMs > 0 && { rest: () => pause(paceMs) }),
})
http.listen(0, '127.0.0.1', () => process.send?.(http.address()))

async function end(): Promise<void> {
  await progress.close({ drainMs: 200 })
  process.exit()
}
process.once('SIGTERM', () => void end())
process.once('disconnect', () => void end())
process.on('SIGINT', () => {}) // Ctrl+C reaches the whole group: the supervisor ends us
