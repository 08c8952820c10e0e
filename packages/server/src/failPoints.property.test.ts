// A backend that is gone exactly between what it does for a write: before it stores, before it tells, before it answers. A job
// goes on meanwhile, and whoever watches on another node is told of its end once.
import { comparePositions, LIMITS, type Snapshot } from '@progress/protocol'
import { ManualClock } from '@progress/protocol/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Backend } from './backend/contract'
import { memory } from './backend/memory'
import { over } from './conformance/over.test-support'
import { DEFAULTS } from './defaults'
import { settle } from './socket/doubles.test-kit'
import { World } from './socket/world.test-kit'

const RUNS = 1_000
const ID = 'import-1'
/** Where a write breaks off; from then on the backend is away, until it is back. */
const POINTS = ['before it is stored', 'before it is told', 'before it is answered'] as const
const STEPS = ['update', 'update', 'log', 'back', 'time', 'end'] as const

const plans = fc.record({
  steps: fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 8 }),
  breaks: fc.array(fc.record({ atWrite: fc.nat({ max: 6 }), point: fc.constantFrom(...POINTS) }), {
    minLength: 1,
    maxLength: 3,
  }),
  ending: fc.constantFrom('complete', 'fail', 'cancel'),
})
type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never

/** How a guard is taken off. */
type Twin = 'says that it has stored what it has not' | 'neither gaps are told nor positions compared'

/** A backend that breaks off by plan, in the order that a scheduler makes up. */
class Breaking {
  readonly backend: Backend
  #breaks: Plan['breaks'] = []
  readonly #planned: Plan['breaks']
  readonly #twin: Twin | undefined
  #writes = 0
  #isAway = false
  readonly #gaps = new Set<() => void>()

  constructor(store: Backend, breaks: Plan['breaks'], scheduler: fc.Scheduler, twin?: Twin) {
    this.#planned = breaks
    this.#twin = twin
    const at = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label)
    const here = async (label: string): Promise<void> => {
      await at(label)
      if (this.#isAway) throw new Error('the backend is away')
    }
    this.backend = over(store, {
      put: async (entry, keepMs) => {
        const point = this.#breakOf(this.#writes++)
        await at('put')
        if (point === 'before it is stored') this.#isAway = true
        if (this.#isAway && twin === 'says that it has stored what it has not') return true
        if (this.#isAway) throw new Error('the backend is away')
        // What it tells now nobody hears.
        if (point === 'before it is told') this.#isAway = true
        const isStored = await store.put(entry, keepMs)
        await settle()
        if (point) this.#isAway = true
        await here('answer')
        return isStored
      },
      get: async (ids) => {
        await here('get')
        return store.get(ids)
      },
      appendLog: async (...args) => {
        await here('log')
        await store.appendLog(...args)
      },
      listen: (hear, onGap) => {
        this.#gaps.add(onGap)
        return store.listen((message) => (this.#isAway ? undefined : hear(message)), onGap)
      },
    })
  }

  /** Writes count from now on. */
  begin(): void {
    this.#breaks = this.#planned
    this.#writes = 0
  }

  /** It is there again, and says that something may have been missed. */
  back(): void {
    if (!this.#isAway) return
    this.#isAway = false
    if (this.#twin === 'neither gaps are told nor positions compared') return
    for (const onGap of this.#gaps) onGap()
  }

  #breakOf(write: number): Plan['breaks'][number]['point'] | undefined {
    return this.#breaks.find(({ atWrite }) => atWrite === write)?.point
  }
}

async function play(scheduler: fc.Scheduler, { steps, breaks, ending }: Plan, twin?: Twin) {
  const clock = new ManualClock()
  const store = memory({ clock })
  const breaking = new Breaking(store, breaks, scheduler, twin)
  const { backend } = breaking
  const [worker, viewer] = [new World({ backend, clock }), new World({ backend, clock })]
  const pass = async (ms: number): Promise<void> => {
    await Promise.all([clock.advance(ms), scheduler.waitIdle()])
    await settle()
    await scheduler.waitIdle()
  }
  const { socket } = viewer.connect('ada')
  worker.tracker.createSessionWithId(ID, {}, { owner: 'ada' })
  await pass(0)
  socket.receive('join-progress', ID)
  await pass(0)
  breaking.begin()
  const end = (): void => {
    if (ending === 'complete') worker.tracker.completeSession(ID)
    else if (ending === 'fail') worker.tracker.errorSession(ID, 'failed')
    else worker.tracker.cancelSession(ID)
  }
  let progress = 0
  const act = {
    update: () => void worker.tracker.updateProgress(ID, ++progress),
    log: () => void worker.tracker.updateProgress(ID, ++progress, `step ${progress}`),
    back: () => breaking.back(),
    time: () => pass(LIMITS.throttleMs),
    end,
  }
  for (const step of steps) {
    await act[step]()
    await scheduler.waitIdle()
  }
  end()
  // One more than it breaks off: each is followed by a try that does not.
  for (let round = 0; round <= breaks.length; round++) {
    await pass(DEFAULTS.retryMaxMs)
    breaking.back()
  }
  await pass(DEFAULTS.retryMaxMs)

  const shown = socket.sent.map(({ payload }) => payload as Snapshot).filter((payload) => 'revision' in payload)
  const before = shown.at(-1)
  const held = before ? `${before.epoch}.${before.revision}` : '000000000-00000000.0'
  // As every client does within ten seconds: it says what it has, and hears what is newer.
  let answer: { readonly snapshots?: readonly Snapshot[] } = {}
  socket.receive('sync-progress', { [ID]: held }, {}, (said: typeof answer) => {
    answer = said
  })
  await pass(0)
  const all = [...shown, ...(twin === 'neither gaps are told nor positions compared' ? [] : (answer.snapshots ?? []))]
  const ends = all.filter(({ status }) => status !== 'active')
  const [stored] = await store.get([ID])
  expect(stored?.snapshot.status).not.toBe('active')
  expect(ends).toHaveLength(1)
  expect(ends[0]).toEqual(stored?.snapshot)
  for (const [index, state] of all.entries()) {
    const last = all[index - 1]
    if (last) expect(comparePositions(state, last)).toBeGreaterThan(0)
  }
  expect(worker.told('ended')).toHaveLength(1)
  socket.disconnect()
  await Promise.all([worker.tracker.close(), viewer.tracker.close(), pass(DEFAULTS.flushTimeoutMs * 2)])
}

describe('a backend that breaks off within a write', () => {
  it(`24: whoever watches elsewhere is told of the end, the stored one, exactly once (${RUNS} orders)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, (scheduler, plan) => play(scheduler, plan)),
      { numRuns: RUNS },
    )
  }, 60_000)

  it.each(['says that it has stored what it has not', 'neither gaps are told nor positions compared'] as const)(
    '24: twin: %s, and ends are lost',
    async (twin) => {
      const property = fc.asyncProperty(fc.scheduler(), plans, (scheduler, plan) => play(scheduler, plan, twin))
      expect((await fc.check(property, { numRuns: RUNS, endOnFailure: true })).failed).toBe(true)
    },
    60_000,
  )
})
