import { defineOperation, ProgressError, type Snapshot, type } from '@progress/protocol'
import { buildSnapshot } from '@progress/protocol/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseState, recorded } from './recorder.test-support'
import type { Sessions } from './tracker/sessions'
import type { Task } from './tracker/task'

const RUNS = 1_000
const work = defineOperation('work', { result: type<{ steps: number }>(), phases: { read: 1, write: 3 } })

/** What a job does between two awaits, and how it ends. */
const STEPS = ['advance', 'update', 'log', 'shield', 'phase', 'check'] as const
const ENDS = ['return', 'throw', 'throw said', 'throw cancelled', 'obey'] as const
/** What others do to it meanwhile. */
const DEEDS = ['cancel', 'cancel', 'cancel', 'complete', 'fail', 'cancelSession', 'signal', 'again', 'flush'] as const

const plan = fc.record({
  steps: fc.array(fc.constantFrom(...STEPS), { maxLength: 6 }),
  ending: fc.constantFrom(...ENDS),
  deeds: fc.array(fc.constantFrom(...DEEDS), { minLength: 1, maxLength: 4 }),
  attempts: fc.integer({ min: 1, max: 2 }),
})
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never

type Pause = () => Promise<void>

async function step(task: Task<Record<never, never>, 'read' | 'write'>, what: Plan['steps'][number], pause: Pause) {
  switch (what) {
    case 'advance':
      return task.advance()
    case 'update':
      return task.update({ progress: 50, message: 'half' })
    case 'log':
      return task.log('line')
    case 'shield':
      return task.shield(pause)
    case 'phase':
      return task.phase('write', (inner) => {
        inner.advance()
        return pause()
      })
    case 'check':
      return task.signal.throwIfAborted()
  }
}

function finish(ending: Plan['ending'], signal: AbortSignal, steps: number) {
  if (ending === 'throw') throw new TypeError('secret')
  if (ending === 'throw said') throw new ProgressError('PARSE_ERROR', 'Row 3')
  if (ending === 'throw cancelled') throw new ProgressError('CANCELLED', 'by itself')
  if (ending === 'obey') signal.throwIfAborted()
  return { steps }
}

/** Each epoch that was told: how many ends it has, and whether anything came after one. */
function check(states: readonly Snapshot[]) {
  const ended = new Set<string>()
  const last = new Map<string, Snapshot>()
  let newest = ''
  for (const state of states) {
    parseState(state)
    expect(state.epoch >= newest, 'nothing of an epoch that was replaced').toBe(true)
    newest = state.epoch
    expect(ended, 'nothing after an end').not.toContain(state.epoch)
    const before = last.get(state.epoch)
    if (before) {
      expect(state.revision).toBeGreaterThan(before.revision)
      expect(state.progress).toBeGreaterThanOrEqual(before.progress)
    }
    last.set(state.epoch, state)
    if (state.status !== 'active') ended.add(state.epoch)
  }
  return { ended, last: states.at(-1) }
}

async function play(s: fc.Scheduler, { steps, ending, deeds, attempts }: Plan, spoil?: (sessions: Sessions) => void) {
  const { tracker, states, of, clock, sent } = recorded()
  spoil?.(tracker['~node'].sessions)
  const pause = (label: string) => s.schedule(Promise.resolve(), label)
  const start = (number: number) =>
    tracker.run(work, { owner: 'ada', id: 'one', attempt: { number, of: attempts } }, async (task) => {
      for (const what of steps) {
        await pause(`before ${what}`)
        await step(task, what, () => pause(`in ${what}`))
      }
      return finish(ending, task.signal, steps.length)
    })
  const jobs = [start(1)]
  const deed = async (what: Plan['deeds'][number]) => {
    await pause(what)
    if (what === 'cancel') await tracker.requestCancel('one', 'enough')
    else if (what === 'complete') tracker.completeSession('one', 'done by hand')
    else if (what === 'fail') tracker.errorSession('one', 'failed by hand', { code: 'IMPORT_FAILED' })
    else if (what === 'cancelSession') tracker.cancelSession('one')
    else if (what === 'flush') await tracker.flush()
    else if (what === 'again') jobs.push(start(attempts))
    else if (tracker.getSession('one')?.status === 'active') tracker.signalOf('one')
  }
  const doing = deeds.map(deed)
  await s.waitFor(Promise.allSettled(doing))
  await s.waitFor(Promise.allSettled(jobs))
  await clock.advance(500)
  const { ended, last } = check(states)
  const epochs = new Set(states.map(({ epoch }) => epoch))
  expect(of('ended')).toHaveLength(ended.size)
  expect(sent.filter(({ event }) => /complete|error|cancelled/.test(event))).toHaveLength(ended.size)
  // What was replaced has no end, and what waits for its next attempt has none yet.
  const waits = last?.status === 'active' && last.queued === true
  if (!deeds.includes('again')) expect([epochs.size, ended.size]).toEqual([1, waits ? 0 : 1])
  else if (!waits) expect(ended).toContain(last?.epoch)
  // Nothing is told any more, whatever is still done.
  const told = states.length
  if (!waits) {
    expect(tracker.completeSession('one')).toBe(false)
    expect(tracker.updateProgress('one', 99)).toBe(false)
    expect(await tracker.requestCancel('one')).toMatchObject({ ok: false })
    expect(states).toHaveLength(told)
  }
  await tracker.close()
  expect(clock.pending).toBe(0)
}

/** The guard is off: who ends it last has the last word, too. */
function endTwice(sessions: Sessions) {
  const { end } = sessions
  sessions.end = (cell, how) => {
    const { createdAt, revision, epoch } = cell.snapshot
    cell.snapshot = buildSnapshot('active', { sessionId: 'one', epoch, revision, createdAt, progress: 0 })
    return end.call(sessions, cell, how)
  }
}

describe('a job that is cancelled while it runs', () => {
  it(`has exactly one end, whatever comes between which of its steps (${RUNS} seeds)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, (s, one) => play(s, one)),
      { numRuns: RUNS },
    )
  }, 60_000)

  it('is seen to end twice where the guard is off', async () => {
    const twin = fc.asyncProperty(fc.scheduler(), plan, (s, one) => play(s, one, endTwice))
    expect((await fc.check(twin, { numRuns: RUNS, endOnFailure: true })).failed).toBe(true)
  }, 60_000)

  it(`cancelled at each of its steps, ends as cancelled exactly once (${RUNS} seeds)`, async () => {
    const obedient = fc.record({ length: fc.integer({ min: 1, max: 8 }), at: fc.nat() })
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), obedient, async (s, { length, at }) => {
        const { tracker, states, of, events } = recorded()
        const job = tracker.run('work', { owner: 'ada', id: 'one' }, async (task) => {
          for (const item of task.track(Array.from({ length }, (_, index) => index))) {
            await s.schedule(Promise.resolve(), `item ${item}`)
            if (item === at % length) await tracker.requestCancel('one', 'enough')
          }
          task.signal.throwIfAborted()
        })
        await s.waitFor(Promise.allSettled([job]))
        check(states)
        expect(states.at(-1)).toMatchObject({ status: 'cancelled', reason: 'enough' })
        expect([of('ended').length, of('job-failed').length]).toEqual([1, 0])
        expect(events().filter((event) => event === 'progress-cancelled')).toHaveLength(1)
        await expect(job).rejects.toMatchObject({ code: 'CANCELLED' })
        await tracker.close()
      }),
      { numRuns: RUNS },
    )
  }, 60_000)
})
