// Strangers in a process of their own: at a steady rate they open a WebSocket, say hello without a login, hear that they are
// refused, and go. Arguments: port, how many a second, how many seconds. Answers how many were refused.
import { paced } from '../bench/paced'
import { RawClient } from '../support/rawClient'

const [port = 0, rate = 1, seconds = 1] = process.argv.slice(2).map(Number)
let refused = 0
const visits: Promise<void>[] = []

async function visit(): Promise<void> {
  const client = await RawClient.open(port, {})
  const deadline = performance.now() + 5_000
  while (!client.messages.some((message) => message.startsWith('44')) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (performance.now() < deadline) refused += 1
  client.close()
}

process.on('message', () => {
  void paced({ count: rate, everyMs: 1_000, seconds }, () => {
    visits.push(visit().catch(() => {})) // it counts as not refused
  })
    .then(() => Promise.all(visits))
    .then(() => process.send?.({ refused }, () => process.exit()))
})
// The parent is gone.
process.on('disconnect', () => process.exit())
