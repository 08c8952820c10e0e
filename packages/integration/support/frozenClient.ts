// A client in a process of its own, which a test can freeze: it watches one session, and tells what it has heard when asked.
import { WebSocketClient } from '@progress/client'
import { Recorder } from './recorder'

/** What it answers. */
export interface FrozenReport {
  readonly status: string
  readonly connection: string
  readonly ends: number
  readonly violations: readonly string[]
}

const [url = '', id = ''] = process.argv.slice(2)
const recorder = new Recorder(new WebSocketClient({ url, auth: () => 'ada' }))
const watch = recorder.watch(id)

process.on('message', () => {
  process.send?.({
    status: watch.state.status,
    connection: recorder.client.connection.status,
    ends: recorder.endsOf(id),
    violations: recorder.violations,
  } satisfies FrozenReport)
})
// The parent is gone.
process.on('disconnect', () => process.exit())
