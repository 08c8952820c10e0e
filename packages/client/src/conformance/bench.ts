// What every fact about a transport starts from: the two ends, links with all that they tell, states, and time that passes.
import { alike, buildSnapshot, hold, type MovableClock, type Pace, paceOf } from '@progress/protocol/testing'
import type { Snapshot, Transport, TransportClose, TransportLink } from '@progress/protocol/wire'
import type { Ability, FarEnd, FarLine, TransportAndServer } from './farEnd'

/** How the contract is run. */
export interface TransportContractOptions {
  /** Moves the time of a transport that has a clock to move. Absent: real time passes. */
  readonly clock?: MovableClock
  /** What this far end cannot do: facts that need it are left out. Default: nothing. */
  readonly lacks?: readonly Ability[]
}

/** What a transport told: `opened`, `closed` with its reason, or an event with its payload. */
export type Told =
  | readonly ['opened']
  | readonly ['closed', TransportClose]
  | readonly [event: string, payload: unknown]

/** A dial, and all that was told of it. */
export interface Dialled {
  readonly link: TransportLink
  readonly told: readonly Told[]
}

/** A link that stands, and the server's end of it. */
export interface Standing extends Dialled {
  readonly line: FarLine
}

/** What one fact holds in its hands. */
export interface Bench extends Pace {
  readonly transport: Transport
  readonly server: FarEnd
  dial(): Dialled
  /** Dials, and waits until the link stands. */
  stand(): Promise<Standing>
  /** Joins over a link that stands, and waits for the answer. */
  join(standing: Standing, id: string): Promise<void>
  /** Breaks the line at the server's end, and waits until that is told. */
  drop(standing: Standing): Promise<void>
  /** Long enough for whatever is on its way. */
  quiet(): Promise<void>
  /** Hangs up all that was dialled: a fact leaves nothing to the next one. */
  hangUp(): void
  /** Can time be moved? */
  readonly isMovable: boolean
  /** Can the far end do this? */
  can(ability: Ability): boolean
}

/** A promise of the contract: what its proof needs of the far end, and the proof. */
export interface Promised {
  readonly needs?: readonly Ability[]
  prove(bench: Bench): Promise<void>
}

/** Promises by their names. */
export type Promises = Readonly<Record<string, Promised>>

/** Whatever is on its way has come within this. */
const QUIET_MS = 40

/** A state of a session; the higher the revision, the newer. */
export function state(sessionId: string, revision: number, fields: Partial<Snapshot> = {}): Snapshot {
  const { status = 'active' } = fields
  return { ...buildSnapshot(status), sessionId, revision, message: `${sessionId} ${revision}`, ...fields } as Snapshot
}

/** What was told beside `opened` and `closed`. */
export function events({ told }: Dialled): readonly Told[] {
  return told.filter(([name]) => name !== 'opened' && name !== 'closed')
}

/** Exactly this was told, the last of it `closed` with this code. */
export function isClosed(dialled: Dialled, code: string | undefined, told: readonly string[]): void {
  alike(
    dialled.told.map(([what]) => what),
    told,
    'closed() is told once, and nothing after it',
  )
  const [, why] = dialled.told.at(-1) ?? []
  hold(typeof why === 'object' && why !== null, 'closed() has a reason, if only an empty one')
  alike((why as TransportClose).code, code, 'closed() has the code that the server said, and none that it did not')
}

/** A bench over the two ends. */
export function setUp({ transport, server }: TransportAndServer, options: TransportContractOptions): Bench {
  const { clock, lacks = [] } = options
  const pace = paceOf(clock)
  const links: TransportLink[] = []
  const dial: Bench['dial'] = () => {
    const told: Told[] = []
    const link = transport.open({
      opened: () => told.push(['opened']),
      closed: (why) => told.push(['closed', why]),
      event: (name, payload) => told.push([name, payload]),
    })
    links.push(link)
    return { link, told }
  }
  return {
    ...pace,
    transport,
    server,
    dial,
    isMovable: clock !== undefined,
    can: (ability) => !lacks.includes(ability),
    quiet: () => pace.pass(QUIET_MS),
    async drop({ line, told }) {
      line.drop()
      await pace.until(() => told.at(-1)?.[0] === 'closed', 'a line that breaks is told by closed()')
    },
    hangUp() {
      for (const link of links) attempt(() => link.close())
    },
    async stand() {
      const before = server.lines.length
      const dialled = dial()
      const stands = () => dialled.told.length > 0 && server.lines.length > before
      await pace.until(stands, 'a dial that the server takes is told by opened()')
      const line = server.lines.at(-1)
      hold(dialled.told[0]?.[0] === 'opened' && line !== undefined, 'a dial that the server takes is told by opened()')
      return { ...dialled, line }
    },
    async join({ link, line }, id) {
      let isAnswered = false
      const heard = line.heard.length
      link.send('join-progress', [id], () => {
        isAnswered = true
      })
      let asked = false
      await pace.until(() => {
        const join = asked ? undefined : line.heard[heard]
        if (join) asked = true
        join?.answer({ success: true, status: state(id, 1) })
        return isAnswered
      }, 'a join over a link that stands is answered')
    },
  }
}

/** That `close` throws is a fact of its own, and hides no other. */
function attempt(run: () => void): void {
  try {
    run()
  } catch {
    // said there
  }
}
