// The cases of load and memory in their short form, each in processes of its own; `npm run load` has the long one.
import { describe, expect, it } from 'vitest'
import { CASES, type Case, casesOf } from '../load/cases'
import { prove } from '../load/prove'
import { Ends } from '../soak/ends'
import { growthOf } from '../soak/growth'

describe('a case of load or memory', () => {
  it.for(CASES.map((one): [string, Case] => [`${one.number}: ${one.name}`, one]))(
    '%s holds in its short form',
    { timeout: 90_000 },
    async ([, one]) => {
      const { holds, output } = await prove(one, true)
      expect(output, output).toMatch(/\| yes \|/)
      expect(holds, output).toBe(true)
    },
  )

  it('1 to 10 and 87 to 95 are all there, each once', () => {
    const numbers = [...Array.from({ length: 10 }, (_, n) => n + 1), ...Array.from({ length: 9 }, (_, n) => n + 87)]
    expect(CASES.map(({ number }) => number)).toEqual(numbers)
    expect(casesOf([]).length).toBe(numbers.length)
    expect(casesOf(['4', 'soak']).map(({ name }) => name)).toEqual(['idle', 'soak'])
    expect(() => casesOf(['none'])).toThrow('no case is called none: rate, ')
  })

  it('twin: one whose bound does not hold fails, and so does one that cannot run', async () => {
    const proof = (file: string) => ({ number: 0, name: 'x', proof: { file } })
    const broken = await prove(proof('test/fixtures/brokenBound.ts'), true)
    expect(broken).toEqual({ holds: false, output: expect.stringContaining('| **no** |') })
    expect((await prove(proof('load/none.load.ts'), true)).holds).toBe(false)
  }, 30_000)
})

describe('the book of ends', () => {
  const book = (): Ends => {
    const ends = new Ends()
    ends.stays('ada', 'job')
    ends.stays('bob', 'job')
    return ends
  }

  it('9: has nothing to say where everybody is told once, before or after the server has said it', () => {
    const ends = book()
    ends.told('ada', 'job', 'completed', 1)
    ends.ended('job', 'completed', 0)
    ends.told('bob', 'job', 'completed', 1)
    ends.look(1e6)
    expect(ends.tally).toEqual({ seen: 2, lost: 0, doubled: 0, wrong: 0, waiting: 0 })
  })

  it('9: notices an end that does not come, one that is told twice, and one that was another', () => {
    const ends = book()
    ends.told('ada', 'job', 'completed', 1)
    ends.told('ada', 'job', 'completed', 2)
    ends.ended('job', 'error', 0)
    ends.look(59_999)
    expect(ends.tally).toEqual({ seen: 1, lost: 0, doubled: 1, wrong: 1, waiting: 1 })
    ends.look(60_000)
    expect(ends.tally).toEqual({ seen: 1, lost: 1, doubled: 1, wrong: 1, waiting: 0 })
  })

  it('9: counts one as lost to whom the session is gone', () => {
    const ends = book()
    ends.told('ada', 'job', 'gone', 1)
    expect(ends.tally).toMatchObject({ seen: 0, lost: 1, waiting: 1 })
  })
})

describe('the memory of a soak', () => {
  const MB = 2 ** 20
  const run = (heapAt: (minute: number) => number) =>
    growthOf(
      Array.from({ length: 31 }, (_, minute) => ({ atMs: minute * 60_000, heap: heapAt(minute) })),
      30 * 60_000,
    )

  it('9: holds where it comes and goes, whatever the warm-up took', () => {
    expect(run((minute) => (minute < 5 ? 5 : 20 + (minute % 2)) * MB).holds).toBe(true)
  })

  it('9: twin: does not hold where it creeps, nor where hardly anything was seen', () => {
    expect(run((minute) => 20 * MB + minute * 0.15 * MB).holds).toBe(false)
    expect(growthOf([{ atMs: 59_000, heap: MB }], 60_000).holds).toBe(false)
  })
})
