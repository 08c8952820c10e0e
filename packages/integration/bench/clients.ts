// Many plain Socket.IO clients in a process of their own: they join what they are told, and report what they heard and when.
import { io, type Socket } from 'socket.io-client'

/** What the parent asks. */
export type Ask =
  | { readonly kind: 'connect'; readonly url: string; readonly count: number; readonly user?: string }
  | { readonly kind: 'join'; readonly ids: readonly string[] }
  | { readonly kind: 'report' }
  | { readonly kind: 'end' }

/** What came of it. */
export interface Report {
  readonly heard: number
  /** From the time stamped into `message` by the sender to the callback, milliseconds. */
  readonly latencies: readonly number[]
}

const sockets: Socket[] = []
let heard = 0
let latencies: number[] = []

function hear(payload: { readonly message?: string }): void {
  heard += 1
  const sent = Number(payload.message)
  if (Number.isFinite(sent) && sent > 0) latencies.push(performance.timeOrigin + performance.now() - sent)
}

async function connect({ url, count, user }: Extract<Ask, { kind: 'connect' }>): Promise<void> {
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, () =>
      io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token: user ?? 'ada' } }),
    )
    for (const socket of some) socket.on('progress-update', hear)
    await Promise.all(
      some.map(
        (socket) =>
          new Promise((resolve, reject) => {
            socket.once('connect', () => resolve(undefined))
            socket.once('connect_error', reject)
          }),
      ),
    )
    sockets.push(...some)
  }
}

/** Each socket joins one id, in turn; with one id they all join it. */
async function join(ids: readonly string[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket, index) => {
      const answer: unknown = await socket.emitWithAck('join-progress', ids[index % ids.length], {})
      if (typeof answer !== 'object' || answer === null || 'error' in answer)
        throw new Error(`join: ${JSON.stringify(answer)}`)
    }),
  )
}

process.on('message', (ask: Ask) => {
  void (async () => {
    if (ask.kind === 'connect') await connect(ask)
    if (ask.kind === 'join') await join(ask.ids)
    if (ask.kind === 'end') for (const socket of sockets) socket.close()
    process.send?.({ heard, latencies } satisfies Report)
    if (ask.kind === 'report') {
      heard = 0
      latencies = []
    }
    if (ask.kind === 'end') process.disconnect()
  })().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
