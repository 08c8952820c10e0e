import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { Backend } from './backend/contract'
import { memory } from './backend/memory'
import { DEFAULTS } from './defaults'
import { ProgressTracker } from './progressTracker'
import { recorded } from './recorder.test-support'

describe('close', () => {
  it('leaves no timer, whatever runs, waits or has just ended', async () => {
    const { tracker, clock, sent } = recorded()
    const [a, b, c] = [tracker.createSession(), tracker.createSession(), tracker.createSession()]
    tracker.updateProgress(a, 5)
    tracker.updateProgress(a, 6, 'last')
    tracker.completeSession(b)
    tracker.errorSession(c, 'no')
    const job = tracker.run('work', { owner: null }, () => new Promise(() => {}))
    expect(clock.pending).toBeGreaterThan(0)
    await tracker.close()
    expect(clock.pending).toBe(0)
    expect(sent.at(-1)?.payload).toMatchObject({ message: 'last' })
    await tracker.close()
    await tracker[Symbol.asyncDispose]()

    tracker.updateProgress(a, 50)
    tracker.updateProgress(a, 60)
    tracker.completeSession(a)
    tracker.createSessionWithId('late')
    tracker.updateProgress('late', 5)
    tracker.updateProgress('late', 6)
    expect(tracker.getSession(job.id)?.status).toBe('active')
    await tracker.flush()
    expect(clock.pending).toBe(0)
  })

  it('stays with few timers while it runs: none is set per session', async () => {
    const { tracker, clock } = recorded()
    for (let session = 0; session < 1_000; session++) {
      const id = tracker.createSession()
      tracker.updateProgress(id, 5)
      tracker.updateProgress(id, 6)
      if (session % 2 === 0) tracker.completeSession(id)
      else tracker.errorSession(id, 'no')
    }
    expect(clock.pending).toBeLessThanOrEqual(4)
    await clock.advance(10_000)
    expect(clock.pending).toBe(1) // the sweep
    expect(tracker['~node'].sessions.size).toBe(0)
    await tracker.close()
    expect(clock.pending).toBe(0)
  })

  it('88: 100,000 sessions that were made and ended are all gone after their time, and no timer is left', async () => {
    const clock = new ManualClock()
    const tracker = new ProgressTracker({ clock })
    const ids: string[] = []
    for (let session = 0; session < 100_000; session++) {
      const id = tracker.createSession({}, { owner: 'ada' })
      ids.push(id)
      if (session % 2 === 0) tracker.completeSession(id)
      else tracker.errorSession(id, 'no')
    }
    await clock.advance(DEFAULTS.errorLingerMs)
    const { sessions, backend } = tracker['~node']
    expect([sessions.size, [...sessions.of('ada')].length, clock.pending]).toEqual([0, 0, 1]) // the sweep
    await clock.advance(DEFAULTS.endKeptMs)
    expect(await backend.listByOwner('ada')).toEqual([])
    await tracker.close()
    expect(clock.pending).toBe(0)
  }, 60_000)

  it.each<[string, Partial<Backend>]>([
    ['does not answer', { put: () => new Promise(() => {}) }],
    ['fails', { put: () => Promise.reject(new Error('down')) }],
    ['lets nobody listen', { listen: () => new Promise(() => {}) }],
    ['fails at listening', { listen: () => Promise.reject(new Error('down')) }],
  ])('ends where the backend %s', async (_, broken) => {
    const kit = recorded()
    const backend = Object.assign(memory({ clock: kit.clock }), broken)
    const { tracker, clock } = recorded({ backend, clock: kit.clock })
    const id = tracker.createSession()
    expect([tracker.updateProgress(id, 5), tracker.completeSession(id)]).toEqual([true, true])
    const closed = tracker.close()
    await kit.clock.advance(10_000)
    await closed
    await kit.tracker.close()
    expect([clock.pending, kit.clock.pending]).toEqual([0, 0])
  })
})

/** Runs a program over the tracker in a process of its own; resolves with how it ended. */
function inProcess(program: string): Promise<{ code: number | null; output: string }> {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const source = `import { ProgressTracker } from './packages/server/src/progressTracker.ts'\n${program}`
  const args = ['--conditions=@progress/source', '--import', 'tsx', '--input-type=module', '-e', source]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let output = ''
    const hear = (chunk: unknown) => {
      output += String(chunk)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

describe('a process of its own', () => {
  it('ends by itself, whatever is held', async () => {
    const program = `
      const tracker = new ProgressTracker()
      const id = tracker.createSession()
      tracker.updateProgress(id, 5)
      tracker.updateProgress(id, 6)
      tracker.completeSession(tracker.createSession())
      tracker.run('work', { owner: null }, () => new Promise(() => {}))
      process.on('exit', (code) => process.stdout.write('exit ' + code))`
    expect(await inProcess(program)).toEqual({ code: 0, output: 'exit 0' })
  }, 30_000)

  it('is not ended by a job that fails while nobody waits, nor by a listener', async () => {
    const program = `
      const tracker = new ProgressTracker({
        onSignal: async ({ name }) => {
          process.stdout.write(name + ' ')
          throw new Error('listener')
        },
      })
      tracker.run('work', { owner: null }, async () => { throw new Error('nobody waits') })
      tracker.run('work', { owner: null }, () => { throw new Error('nobody waits') })
      setTimeout(() => process.stdout.write('alive'), 20)`
    const { code, output } = await inProcess(program)
    expect(code).toBe(0)
    expect(output).toMatch(/made made .*job-failed .*ended .*alive$/)
  }, 30_000)
})
