// Visitors of a soak, in a process of their own: real clients that come, watch a job, stay for its end or leave, and come again
// as somebody else. Arguments: the address, how many at a time, the longest visit in milliseconds, a name.
import { type WayName, WebSocketClient } from '@progress/client'
import { Recorder } from '../support/recorder'
import type { FromVisitors, ToVisitors } from './messages'

const [url = '', atATime = '', longest = '', name = ''] = process.argv.slice(2)
const LONGEST_MS = Number(longest)
/** How long somebody stays after an end: it could be told again. */
const AFTER_MS = 2_000
const WAYS: readonly (readonly WayName[])[] = [['socket', 'sse', 'poll'], ['socket', 'poll'], ['sse', 'poll'], ['poll']]

let ids: readonly string[] = []
let isFinishing = false
let visits = 0
let here = 0
const recorders = new Set<Recorder>()
const violations: string[] = []

function tell(message: FromVisitors): void {
  process.send?.(message)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function oneOf<T>(values: readonly T[]): T | undefined {
  return values[Math.floor(Math.random() * values.length)]
}

async function visit(id: string): Promise<void> {
  visits += 1
  const whose = `${name}-${visits}`
  const client = new WebSocketClient({ url, auth: () => whose, transport: oneOf(WAYS) ?? ['poll'] })
  const recorder = new Recorder(client)
  recorders.add(recorder)
  const told =
    (ending: string) =>
    ({ sessionId }: { readonly sessionId: string }) =>
      tell({ kind: 'told', visit: whose, id: sessionId, ending, times: recorder.endsOf(sessionId) })
  client.on('progressComplete', told('completed'))
  client.on('progressError', told('error'))
  client.on('progressCancelled', told('cancelled'))
  const watch = recorder.watch(id, { awaitMs: Number.POSITIVE_INFINITY })
  const stays = Math.random() < 0.7
  if (stays) {
    tell({ kind: 'stays', visit: whose, id })
    if (Math.random() < 0.05) void watch.cancel('a visitor').catch(() => {})
    // A second watch of the same comes and goes meanwhile, as a component does.
    const second = recorder.watch(id)
    setTimeout(() => second.leave(), Math.random() * LONGEST_MS)
    const { status } = await watch.finished
    if (status === 'gone') tell({ kind: 'told', visit: whose, id, ending: status, times: 1 })
    await pause(Math.random() * AFTER_MS)
  } else {
    await pause(Math.random() * LONGEST_MS)
    watch.leave()
  }
  client.close()
  recorders.delete(recorder)
  violations.push(...recorder.violations)
}

/** One place: somebody is there, then somebody else. */
async function place(): Promise<void> {
  await pause(Math.random() * 1_000)
  while (!isFinishing) {
    const id = oneOf(ids)
    if (id !== undefined) {
      here += 1
      await visit(id)
      here -= 1
    }
    await pause(50 + Math.random() * 500)
  }
}

process.on('message', (said: ToVisitors) => {
  if (said.kind === 'jobs') ids = said.ids
  if (said.kind === 'finish') isFinishing = true
  if (said.kind === 'close') process.exit()
  if (said.kind !== 'look') return
  const connected = [...recorders].filter(
    ({ client: { connection } }) => connection.status === 'connected' || connection.status === 'polling',
  )
  tell({ kind: 'look', here, connected: connected.length, visits, violations: violations.splice(0) })
})
// The parent is gone.
process.on('disconnect', () => process.exit())

for (let made = 0; made < Number(atATime); made++) void place()
