import { createServer } from 'node:http'
import { ManualClock } from '@progress/protocol/testing'
import { Server } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { allowAnonymous } from './auth/authenticate'
import { memory } from './backend/memory'
import { over } from './conformance/over.test-support'
import type { Signal } from './observe/signals'
import { ProgressTracker } from './progressTracker'
import { type ServeOptions, serveProgress } from './serve'

const authenticate = allowAnonymous()
const serve = (options: unknown) => serveProgress(new ProgressTracker(), options as ServeOptions)

describe('serveProgress', () => {
  // S1-56: nobody is let in by forgetting to say who is
  it.each([{}, { authenticate: [] }, { authenticate: 'everybody' }, { authenticate: [authenticate, 7] }])(
    'wants to know who is asking, and says what to write: %j',
    (options) => expect(() => serve(options)).toThrow(/authenticate: sessionAuth\(.*allowAnonymous\(\)/),
  )

  it.each([{ commandsPerMinute: 0 }, { connectionsPerUser: '20' }, { watchedPerConnection: Number.NaN }])(
    'takes no limit of %j',
    (limits) => expect(() => serve({ authenticate, limits })).toThrow(/limits\.\w+ is a number, 1 or more/),
  )

  it('takes an undefined limit for none', () => {
    expect(() => serve({ authenticate, limits: { commandsPerMinute: undefined } })).not.toThrow()
  })

  it('serves a tracker once', () => {
    const tracker = new ProgressTracker()
    serveProgress(tracker, { authenticate })
    expect(() => serveProgress(tracker, { authenticate })).toThrow(/served already/)
  })

  it('looks at the options of the app’s own server, and says what could be better', async () => {
    const signals: Signal[] = []
    const http = createServer()
    const tracker = new ProgressTracker(new Server(http), { onSignal: (signal) => signals.push(signal) })
    const progress = serveProgress(tracker, { authenticate })
    expect(signals.map((signal) => signal.name === 'advice' && signal.option)).toEqual([
      'maxHttpBufferSize',
      'connectTimeout',
    ])
    await progress.close()
  })

  it('does not take a user, a login or nothing for one another', async () => {
    const progress = serve({ authenticate })
    for (const whose of [{}, '42', { loginId: 7 }]) {
      await expect(progress.revoke(whose as { loginId: string })).rejects.toThrow(/\{ userId \} or \{ loginId \}/)
    }
    await progress.close()
  })

  it('66: revokes here at once, and answers, although the backend never does', async () => {
    const clock = new ManualClock()
    const backend = over(memory({ clock }), { send: () => new Promise<never>(() => {}) })
    const tracker = new ProgressTracker({ backend, clock })
    const progress = serveProgress(tracker, { authenticate })
    const revoked: unknown[] = []
    tracker['~node'].listen({ revoked: (whose) => revoked.push(whose) })
    const answered = progress.revoke({ userId: 7 })
    expect(revoked).toEqual([{ userId: '7' }])
    await clock.advance(2_000)
    await answered
    await progress.close()
  })
})
