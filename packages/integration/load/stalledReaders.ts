// Readers in a process of their own that watch, and then read nothing more, but answer pings unasked. The parent asks for so
// many more of them; those that were cut off do not notice.
import { RawClient } from '../support/rawClient'

/** What the parent asks. */
export interface StallAsk {
  readonly port: number
  readonly more: number
  /** Sessions that each of them joins; the nth joins the nth, and the next ones. */
  readonly ids: readonly string[]
  readonly each: number
}

const PONG_MS = 5_000
const readers: RawClient[] = []

async function stall({ port, ids, each }: StallAsk, index: number): Promise<void> {
  const reader = await RawClient.open(port, { token: `stalled${index}` })
  readers.push(reader)
  const heard = (packet: string) => reader.messages.filter((message) => message.startsWith(packet)).length
  await until(() => heard('40') > 0)
  for (let n = 0; n < each; n++) reader.emit(['join-progress', ids[(index + n) % ids.length], {}], n)
  await until(() => heard('43') === each)
  reader.stall()
}

setInterval(() => {
  for (const reader of readers) if (!reader.closed) reader.send('3')
}, PONG_MS).unref()

async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !isSo() && performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

let made = 0
process.on('message', (ask: StallAsk) => {
  void (async () => {
    for (let from = 0; from < ask.more; from += 50) {
      const count = Math.min(50, ask.more - from)
      await Promise.all(Array.from({ length: count }, () => stall(ask, made++)))
    }
    process.send?.({})
  })()
})
// The parent is gone.
process.on('disconnect', () => process.exit())
