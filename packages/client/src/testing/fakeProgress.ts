// For people who do not have the server: a real client, and a server that the test plays.
import type { AnyOperation, KindOf, MetadataOf } from '@progress/protocol'
import { decode, systemClock } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import { WebSocketClient } from '../client'
import type { Connection } from '../connection/status'
import type { Take } from './fakeLink'
import { FakeNetwork } from './fakeNetwork'
import { FakeServer } from './fakeServer'
import { type FakeSession, PlayedSession } from './fakeSession'

/** How a session begins. */
export interface FakeStart<Op = AnyOperation> {
  /** Default: a new one. The id of a session that is there: a new life of it, as when a job is started again. */
  readonly id?: string
  /** Is it one of `watchMine`? Default `false`. */
  readonly mine?: boolean
  readonly metadata?: MetadataOf<Op>
}

/** A client whose server is played by the test. */
export interface FakeProgress {
  /** Give it to the page: it is a real one. */
  readonly client: WebSocketClient
  /** Makes a session. Throws a `TypeError` where this can be none. */
  session<Op extends AnyOperation = AnyOperation>(kind: KindOf<Op>, start?: FakeStart<Op>): FakeSession<Op>
  /**
   * Brings the client's connection into a status, a moment later. It stays until the next call; `connecting` and
   * `reconnecting` end when a session says something, for then the client is let in to hear it. Throws where a real client
   * cannot get there: no way leads back to `idle`, and none out of `closed`.
   */
  connection(status: Connection['status']): void
  /** Time stands still, but for this: an id that is waited for is `gone` after 30,000 ms. */
  readonly clock: {
    /** Moves time on. All that was said before has arrived when it resolves. */
    advance(ms: number): Promise<void>
  }
}

/**
 * A server without a server, for tests of components: what the page does is real, what the server says is yours.
 * @example
 * const fake = createFakeProgress()
 * const session = fake.session<typeof importCsv>('csv-import', { metadata: { filename: 'a.csv', rejected: 0 } })
 * render(<ProgressProvider client={fake.client}><ImportModal id={session.id} /></ProgressProvider>)
 * session.update({ progress: 40, phase: 'parse' })
 * await screen.findByText(/Reading a.csv/)
 */
export function createFakeProgress(): FakeProgress {
  // It begins now, for a page may show how long something has taken.
  const clock = new ManualClock(systemClock.now())
  const take: Take = (link, command, args) => server.take(link, command, args)
  const network = new FakeNetwork(clock, take)
  const server = new FakeServer(
    () => clock.now(),
    () => network.links(),
  )
  const client = new WebSocketClient({ transport: network.transport, decode })
  let wanted: Connection['status'] = 'idle'

  return Object.freeze({
    client,
    session<Op extends AnyOperation>(kind: KindOf<Op>, start: FakeStart<Op> = {}): FakeSession<Op> {
      const { id, mine = false, metadata = {} } = start
      const life = server.make({ id, operation: kind, isMine: mine, metadata })
      const said = (): void => queueMicrotask(() => network.wake(client))
      // The caller's word: types of operations exist at compile time only.
      return new PlayedSession({ server, life, said }) as FakeSession as FakeSession<Op>
    },
    connection(status: Connection['status']): void {
      const before = client.connection.status
      if (status === 'idle') {
        if (wanted === 'idle' && before === 'idle') return
        throw new Error('a client is idle only before it dials: make a new one with createFakeProgress()')
      }
      if (status !== 'closed' && (wanted === 'closed' || before === 'closed')) {
        throw new Error('this client was closed, for good: make a new one with createFakeProgress()')
      }
      wanted = status
      queueMicrotask(() => (status === 'closed' ? client.close() : network.become(status, client)))
    },
    clock: Object.freeze({ advance: (ms: number) => clock.advance(ms) }),
  })
}
