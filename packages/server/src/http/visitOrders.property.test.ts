// Requests, a login that is withdrawn, and changes, in orders that a scheduler makes up: with a login, a rule and a backend
// that take their time to answer.
import { ManualClock } from '@progress/protocol/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory } from '../backend/memory'
import { over } from '../conformance/over.test-support'
import { ProgressTracker } from '../progressTracker'
import { Heard, rig, tokenIsUser } from './http.test-support'

const RUNS = 1_000
const ID = 'import-1'
const PATHS = { state: `/${ID}`, several: `/?ids=${ID}`, wait: `/${ID}?wait=20`, stream: `/events?ids=${ID}` } as const
const STEPS = [...(Object.keys(PATHS) as (keyof typeof PATHS)[]), 'change', 'revoke'] as const
const GOODBYE = 'event: progress-bye\ndata: {"code":"REVOKED"}\n\n'
const plans = fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 8 })

/** A request, and what had become of it when its login was withdrawn; absent where it was asked later. */
interface Asked {
  response?: Response
  heard?: Heard
  atRevoke?: { readonly isOpen: boolean; readonly text: string }
}

async function play(scheduler: fc.Scheduler, plan: readonly (typeof STEPS)[number][], isDeaf = false) {
  const slow = <T>(label: string, value: T): Promise<T> => scheduler.schedule(Promise.resolve(value), label)
  const clock = new ManualClock()
  const store = memory({ clock })
  const job = new ProgressTracker({ backend: store, clock })
  job.createSessionWithId(ID, {}, { owner: 'ada' })
  await clock.advance(0)
  const { ask, http } = rig({
    clock,
    authenticate: async (request) => slow('authenticate', await tokenIsUser(request)),
    authorize: () => slow('authorise', true),
    backend: () => over(store, { get: async (ids) => slow('read', await store.get(ids)) }),
  })
  const asked: Asked[] = []
  let isRevoked = false
  const begin = (path: keyof typeof PATHS): void => {
    const one: Asked = {}
    asked.push(one)
    void ask(PATHS[path]).then((response) => {
      one.response = response
      if (path === 'stream') one.heard = new Heard(response, () => {})
    })
  }
  const revoke = (): void => {
    if (isRevoked) return
    isRevoked = true
    for (const one of asked) one.atRevoke = { isOpen: !one.response, text: one.heard?.text ?? '' }
    if (!isDeaf) http.revoked(({ userId }) => userId === 'ada')
  }
  const act = (step: (typeof STEPS)[number]): void => {
    if (step === 'change') job.updateProgress(ID, 1)
    else if (step === 'revoke') revoke()
    else begin(step)
  }
  for (const step of plan) {
    // All that follows from what has happened has happened, up to the answers that take their time.
    await clock.advance(0)
    act(step)
    if (scheduler.count() > 0 && step !== 'change') await scheduler.waitOne()
  }
  await scheduler.waitIdle()
  await clock.advance(20_000)
  await scheduler.waitIdle()
  await clock.advance(0)
  for (const { atRevoke, response, heard } of asked) {
    // Who asks later has shown a new login.
    if (!atRevoke) expect(response?.status).toBe(200)
    else if (atRevoke.isOpen) expect(response?.status).toBe(401)
    else if (heard) expect(heard.text.slice(atRevoke.text.length)).toBe(GOODBYE)
  }
  http.close()
  await Promise.all([job.close(), clock.advance(10_000)])
}

describe('requests, and a login that is withdrawn, in any order', () => {
  it(`79, 80: what was not answered yet is refused, and a stream says nothing but goodbye (${RUNS} orders)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, (scheduler, plan) => play(scheduler, plan)),
      { numRuns: RUNS },
    )
  }, 60_000)

  it('79, 80: twin: unheard, they are served', async () => {
    const property = fc.asyncProperty(fc.scheduler(), plans, (scheduler, plan) => play(scheduler, plan, true))
    expect((await fc.check(property, { numRuns: RUNS, endOnFailure: true })).failed).toBe(true)
  }, 60_000)
})
