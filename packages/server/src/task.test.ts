import { defineOperation } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { deferred, parseState, recorded } from './recorder.test-support'
import type { Task } from './tracker/task'

const phased = defineOperation('phased', { phases: { upload: 10, parse: 30, insert: 60 } })
type Phased = Task<Record<never, never>, 'upload' | 'parse' | 'insert'>

/** Runs a job, and shows what a reader sees at each `look`. */
async function watch(job: (task: Phased, look: () => void) => unknown) {
  const kit = recorded()
  const seen: ReturnType<typeof parseState>[] = []
  await kit.tracker.run(phased, { owner: null, id: 'one' }, (task) =>
    job(task, () => void seen.push(parseState(kit.tracker.getSession('one')))),
  )
  return { seen, progress: seen.map(({ progress }) => progress), ...kit }
}

describe('a phase', () => {
  it('scales its own 0..100 by its weight, and names itself', async () => {
    const { seen } = await watch((task, look) => {
      task.phase('upload', (part) => {
        part.update({ progress: 50 })
        look()
      })
      look()
      task.phase('insert', (part) => {
        part.update({ total: 4 })
        part.advance()
        look()
      })
    })
    expect(seen.map(({ progress, phase }) => [progress, phase])).toEqual([
      [5, 'upload'],
      [10, 'upload'],
      [55, 'insert'],
    ])
  })

  it('nests, weighted, and only the outermost is named', async () => {
    const { seen } = await watch((task, look) =>
      task.phase('parse', { phases: { read: 1, check: 3 } }, (part) => {
        part.phase('read', (inner) => {
          inner.update({ progress: 100 })
          look()
        })
        part.phase('check', (inner) => {
          inner.update({ progress: 50 })
          look()
        })
      }),
    )
    expect(seen.map(({ progress, phase }) => [progress, phase])).toEqual([
      [17.5, 'parse'],
      [28.75, 'parse'],
    ])
  })

  it('never takes the bar back, in whatever order the phases come', async () => {
    const { progress } = await watch(async (task, look) => {
      for (const name of ['insert', 'upload', 'parse', 'upload', 'insert'] as const) {
        await task.phase(name, async (part) => {
          for (const done of [0, 80, 30]) {
            part.update({ progress: done })
            look()
            await null
          }
        })
        look()
      }
    })
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
    expect(progress.at(-1)).toBe(100)
  })

  it('does not show what another has counted', async () => {
    const { seen } = await watch((task, look) => {
      task.phase('upload', (part) => {
        for (const _ of part.track([1, 2, 3]));
      })
      task.phase('parse', () => look())
      task.phase('upload', (part) => {
        part.advance()
        look()
      })
    })
    expect(seen[0]).not.toHaveProperty('current')
    expect(seen[1]).toMatchObject({ current: 1 })
    expect(seen[1]).not.toHaveProperty('total')
  })

  it('waits for its body, and hands on its value and its error', async () => {
    const { tracker } = recorded()
    const { promise, resolve } = deferred<number>()
    const job = tracker.run(phased, { owner: null, id: 'one' }, async (task) => {
      expect(task.phase('upload', () => 7)).toBe(7)
      const part = task.phase('parse', () => promise)
      expect(tracker.getSession('one')?.progress).toBe(10)
      resolve(8)
      expect(await part).toBe(8)
      expect(tracker.getSession('one')?.progress).toBe(40)
      await task.phase('insert', () => Promise.reject(new Error('in it')))
    })
    await expect(job).rejects.toThrow('in it')
    expect(tracker.getSession('one')?.progress).toBe(40)
  })

  it('that was not declared throws, and names those that were', async () => {
    const { tracker } = recorded()
    const job = tracker.run(phased, { owner: null }, (task) => task.phase('pars' as never, () => 1))
    await expect(job).rejects.toThrow("The phase 'pars' was not declared. Declared are: upload, parse, insert")
    const plain = tracker.run('plain', { owner: null }, (task) => task.phase('x' as never, () => 1))
    await expect(plain).rejects.toThrow('Declared are: none')
  })

  it.each([[{ a: Number.NaN, b: 1 }], [{ a: -1, b: 0 }], [{ a: '3', b: null }], [{ a: 1e308, b: 1e308 }]])(
    'takes odd weights: %o',
    async (phases) => {
      const { seen } = await watch((task, look) =>
        task.phase('insert', { phases: phases as never }, (part: Task<never, string>) => {
          part.phase('a', look)
          part.phase('b', look)
          look()
        }),
      )
      expect(seen.at(-1)?.progress).toBeCloseTo(100)
    },
  )
})

describe('counting', () => {
  it('adds up, by units, and shows how far of a total', async () => {
    const { seen } = await watch((task, look) => {
      task.update({ total: 10, unit: 'rows' })
      for (let row = 0; row < 4; row++) task.advance()
      task.advance(2)
      look()
      task.update({ current: 3 })
      look()
      task.advance()
      look()
    })
    expect(seen.map(({ current, progress }) => [current, progress])).toEqual([
      [6, 60],
      [3, 60],
      [4, 60],
    ])
    expect(seen[0]).toMatchObject({ unit: 'rows', total: 10 })
  })

  it('an earlier count does not come on top of a later word', async () => {
    const { seen } = await watch((task, look) => {
      task.advance(5)
      task.update({ current: 3 })
      look()
    })
    expect(seen[0]?.current).toBe(3)
  })

  it('of two arrays after each other adds up', async () => {
    const { seen } = await watch((task, look) => {
      for (const _ of task.track([1, 2, 3])) look()
      for (const _ of task.track([4, 5])) look()
      look()
    })
    expect(seen.map(({ current, total }) => `${current}/${total}`)).toEqual(['0/3', '1/3', '2/3', '3/5', '4/5', '5/5'])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '3', null, 3n])(
    'by %s is put aside, and nothing else',
    async (by) => {
      const { seen, of } = await watch((task, look) => {
        task.advance(5)
        task.advance(by as never)
        task.advance(1e308)
        task.advance(1e308)
        look()
        task.advance(2)
        look()
      })
      expect(of('dropped')).toHaveLength(1)
      expect(seen.every(({ current }) => Number.isFinite(current ?? 0))).toBe(true)
    },
  )

  it('51: costs no clock and tells nobody inside of an open window', async () => {
    const { tracker, clock, states } = recorded()
    await tracker.run('work', { owner: null }, (task) => {
      let asked = 0
      const { now } = clock
      clock.now = () => {
        asked += 1
        return now.call(clock)
      }
      for (let row = 0; row < 10_000; row++) task.advance()
      expect(asked).toBe(0)
      clock.now = now
      expect(states).toHaveLength(1)
    })
  })

  it('knows its pace, by phase, and forgets it at the end', async () => {
    const { tracker, clock, states } = recorded()
    const job = tracker.run(phased, { owner: null }, async (task) => {
      const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
      await task.phase('upload', async (part) => {
        part.update({ total: 50, unit: 'MB' })
        for (let done = 0; done < 40; done++) {
          part.advance()
          await wait(100)
        }
      })
      await task.phase('parse', async (part) => {
        part.advance(1_000)
        await wait(100)
      })
    })
    await clock.advance(10_000)
    await job
    const upload = states
      .filter(({ phase, status }) => phase === 'upload' && status === 'active')
      .map((one) => parseState(one))
    expect(upload.slice(0, 8).some((state) => 'ratePerSecond' in state)).toBe(false)
    expect(upload.at(-1)).toMatchObject({ ratePerSecond: expect.closeTo(10, 0), etaMs: expect.any(Number) })
    const parse = states.filter(({ phase, status }) => phase === 'parse' && status === 'active')
    expect(parse.some((state) => 'ratePerSecond' in state)).toBe(false)
    expect(states.at(-1)).not.toHaveProperty('ratePerSecond')
  })
})

describe('the time that is left', () => {
  it('is that of all phases, by their weights, and not of the one that runs', async () => {
    const { tracker, clock, states } = recorded()
    const operation = defineOperation('two-phases', { phases: { first: 40, second: 60 } })
    const job = tracker.run(operation, { owner: null }, async (task) => {
      await task.phase('first', async (part) => {
        part.update({ total: 40 })
        for (let done = 0; done < 40; done++) {
          part.advance()
          await new Promise<void>((resolve) => clock.after(100, resolve))
        }
      })
    })
    await clock.advance(10_000)
    await job
    const half = states.find(({ current }) => current === 20)
    // 20 of 40 took 2 s and are 20 % of the way: 80 % are left.
    expect(half).toMatchObject({ progress: 20, etaMs: expect.closeTo(8_000, -3) })
  })
})

describe('progress by a word', () => {
  it('52: does not fall, inside of a window as between two', async () => {
    const { progress } = await watch((task, look) => {
      task.update({ progress: 60 })
      task.update({ progress: 20, message: 'x' })
      look()
      task.update({ progress: 70 })
      task.update({ total: 10, current: 1 })
      look()
      task.update({ progress: 40 })
      task.advance()
      look()
    })
    expect(progress).toEqual([60, 70, 70])
  })
})

describe('lines of output', () => {
  it('are told numbered, together, cut, and before the end', async () => {
    const { sent } = await watch((task) => {
      task.log('a')
      task.log('x'.repeat(600), 'error')
    })
    expect(sent.map(({ event }) => event)).toEqual(['progress-log', 'progress-complete'])
    expect(sent[0]?.payload).toMatchObject({
      from: 0,
      lines: [
        { text: 'a', level: 'info' },
        { text: 'x'.repeat(500), level: 'error' },
      ],
    })
  })

  it('are told at most ten times a second, with a gap where there were too many', async () => {
    const { tracker, clock, sent } = recorded()
    const job = tracker.run('work', { owner: null }, async (task) => {
      for (let line = 0; line < 1_000; line++) task.log(`${line}`)
      await new Promise<void>((resolve) => clock.after(1_000, resolve))
    })
    await clock.advance(2_000)
    await job
    const logs = sent.filter(({ event }) => event === 'progress-log')
    expect(
      logs.map(({ payload }) => [payload['from'], payload['gap'], (payload['lines'] as unknown[]).length]),
    ).toEqual([[800, 800, 200]])
  })
})
