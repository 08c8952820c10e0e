// Many plain Socket.IO clients in a process of their own: they join what they are told, and report what they heard and when.
import { io, type Socket } from 'socket.io-client'

/** What the parent asks. */
export type Ask =
  | {
      readonly kind: 'connect'
      readonly url: string
      readonly count: number
      readonly user?: string
      /** Socket.IO's own reconnecting, as it is by default. Default: none. */
      readonly reconnects?: boolean
    }
  | { readonly kind: 'join'; readonly ids: readonly string[] }
  | { readonly kind: 'leave'; readonly ids: readonly string[] }
  | { readonly kind: 'report' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'end' }

/** What came of it. */
export interface Report {
  readonly heard: number
  /** From the time stamped into `message` by the sender to the callback, milliseconds. */
  readonly latencies: readonly number[]
  readonly connected: number
  /** Sockets that were disconnected without having asked for it, also if they have come back. */
  readonly dropped: number
  /** What each has heard last, as it was stamped. */
  readonly last: readonly number[]
  /** How often each has heard of an end. */
  readonly ends: readonly number[]
}

interface Member {
  readonly socket: Socket
  last: number
  ends: number
}

const members: Member[] = []
let heard = 0
let dropped = 0
let latencies: number[] = []

function follow(member: Member): void {
  const { socket } = member
  socket.on('progress-update', ({ message }: { readonly message?: string }) => {
    heard += 1
    const sent = Number(message)
    if (!(sent > 0)) return
    member.last = sent
    latencies.push(performance.timeOrigin + performance.now() - sent)
  })
  socket.on('progress-complete', () => {
    member.ends += 1
  })
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') dropped += 1
  })
}

async function connect({ url, count, user, reconnects = false }: Extract<Ask, { kind: 'connect' }>): Promise<void> {
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, () =>
      io(url, {
        transports: ['websocket'],
        reconnection: reconnects,
        forceNew: true,
        auth: { token: user ?? 'ada' },
      }),
    )
    for (const socket of some) {
      const member = { socket, last: 0, ends: 0 }
      members.push(member)
      follow(member)
    }
    await Promise.all(
      some.map(
        (socket) =>
          new Promise((resolve, reject) => {
            socket.once('connect', () => resolve(undefined))
            socket.once('connect_error', reject)
          }),
      ),
    )
  }
}

/** Each socket joins one id, in turn; with one id they all join it. */
async function join(ids: readonly string[]): Promise<void> {
  await Promise.all(
    members.map(async ({ socket }, index) => {
      const answer: unknown = await socket.emitWithAck('join-progress', ids[index % ids.length], {})
      if (typeof answer !== 'object' || answer === null || 'error' in answer)
        throw new Error(`join: ${JSON.stringify(answer)}`)
    }),
  )
}

function disconnect(): void {
  for (const { socket } of members.splice(0)) socket.close()
}

async function carryOut(ask: Ask): Promise<void> {
  if (ask.kind === 'connect') await connect(ask)
  if (ask.kind === 'join') await join(ask.ids)
  if (ask.kind === 'leave')
    for (const [index, { socket }] of members.entries()) socket.emit('leave-progress', ask.ids[index % ask.ids.length])
  if (ask.kind === 'disconnect' || ask.kind === 'end') disconnect()
}

function report(): Report {
  const connected = members.filter(({ socket }) => socket.connected).length
  return {
    heard,
    latencies,
    connected,
    dropped,
    last: members.map(({ last }) => last),
    ends: members.map(({ ends }) => ends),
  }
}

process.on('message', (ask: Ask) => {
  void carryOut(ask)
    .then(() => {
      process.send?.(report())
      if (ask.kind === 'report') {
        heard = 0
        latencies = []
      }
      if (ask.kind === 'end') process.disconnect()
    })
    .catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    })
})
// The parent is gone.
process.on('disconnect', () => process.exit())
