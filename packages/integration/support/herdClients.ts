// Many clients in a process of their own, all of one server: they watch one session, and write down when each is right again.
import { WebSocketClient } from '@progress/client'
import { Recorder } from './recorder'

/** What became of a client since it was asked the last time; times since 1970, 0 where it has not happened. */
export interface HerdReport {
  /** When push stood again. */
  readonly connectedAt: number
  /** When the first state of a new epoch was shown, by whichever way. */
  readonly rightAt: number
  readonly isConnected: boolean
  readonly violations: number
}

class Member {
  readonly #recorder: Recorder
  #epoch = ''
  #connectedAt = 0
  #rightAt = 0

  constructor(url: string, id: string) {
    this.#recorder = new Recorder(new WebSocketClient({ url, auth: () => 'ada' }))
    this.#recorder.client.on('connect', () => {
      this.#connectedAt = now()
    })
    this.#recorder.watch(id).subscribe((state) => {
      if (!('epoch' in state) || state.epoch === this.#epoch) return
      this.#epoch = state.epoch
      this.#rightAt = now()
    })
  }

  report(): HerdReport {
    const { client, violations } = this.#recorder
    const [connectedAt, rightAt] = [this.#connectedAt, this.#rightAt]
    return {
      connectedAt,
      rightAt,
      isConnected: client.connection.status === 'connected',
      violations: violations.length,
    }
  }

  forget(): void {
    this.#connectedAt = this.#rightAt = 0
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

const [url = '', id = '', count] = process.argv.slice(2)
const members: Member[] = []
while (members.length < Number(count)) {
  for (let n = 0; n < 10 && members.length < Number(count); n++) members.push(new Member(url, id))
  // A crowd comes one after the other, the first time; nobody is asked before all are there.
  await new Promise((resolve) => setTimeout(resolve, 200))
}

process.on('message', (ask: 'report' | 'forget') => {
  if (ask === 'forget') for (const member of members) member.forget()
  process.send?.(members.map((member) => member.report()))
})
// The parent is gone.
process.on('disconnect', () => process.exit())
