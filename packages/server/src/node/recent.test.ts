// What is kept of a read, and how it is kept right: over a backend that answers when a test says so.
import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { Entry, Message, StoredEntry } from '../backend/contract'
import { entry, epoch, lines } from '../conformance/bench'
import { deferred } from '../recorder.test-support'
import { Recent } from './recent'

const ID = 's-1'
const changed = (state: Entry): Message => ({ kind: 'changed', entry: state })
const logged = (life = 0, sessionId = ID): Message => ({
  kind: 'log',
  sessionId,
  epoch: epoch(life),
  lines: lines(0, 1),
  node: 'node-1',
})
const stored = (revision: number, hasLog?: boolean, life = 0): StoredEntry => ({
  ...entry({ revision, life }),
  ...(hasLog !== undefined && { hasLog }),
})

function setUp() {
  const clock = new ManualClock()
  const asked: ReturnType<typeof deferred<StoredEntry | null>>[] = []
  let isHearing = true
  const recent = new Recent({
    clock,
    isHearing: () => isHearing,
    read: () => {
      const question = deferred<StoredEntry | null>()
      asked.push(question)
      return question.promise
    },
  })
  return {
    clock,
    recent,
    asked,
    become: (hears: boolean) => {
      isHearing = hears
    },
    /** Answers the question that was asked last. */
    answer: (state: StoredEntry | null) => asked.at(-1)?.resolve(state),
    /** Reads, with this as the answer where the backend is asked. */
    reads: (state: StoredEntry | null) => {
      const reading = recent.read(ID)
      asked.at(-1)?.resolve(state)
      return reading
    },
    revision: async () => (await recent.read(ID))?.snapshot.revision,
  }
}

describe('what is read of a session', () => {
  it('6: costs one question for all who come at once, and for all who come within 2 s', async () => {
    const { clock, recent, asked, answer } = setUp()
    const first = Array.from({ length: 1_000 }, () => recent.read(ID))
    await clock.advance(100)
    answer(stored(3))
    expect(new Set((await Promise.all(first)).map((state) => state?.snapshot.revision))).toEqual(new Set([3]))
    await clock.advance(1_899)
    await recent.read(ID)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    void recent.read(ID)
    expect(asked).toHaveLength(2)
  })

  it('is kept for 2 s from when it was asked, however much is heard meanwhile', async () => {
    const { clock, recent, asked, reads } = setUp()
    await reads(stored(1))
    for (let revision = 2; revision < 12; revision++) {
      recent.hear(changed(entry({ revision })))
      await clock.advance(200)
    }
    void recent.read(ID)
    expect(asked).toHaveLength(2)
  })

  it('is not kept by a clock that was put back', async () => {
    const { clock, recent, asked, reads } = setUp()
    await reads(stored(1))
    clock.jump(-60_000)
    void recent.read(ID)
    expect(asked).toHaveLength(2)
  })

  it('G8: is let go of, also where nobody asks for it again', async () => {
    const { clock, recent } = setUp()
    const asked: string[] = []
    const many = new Recent({
      clock,
      isHearing: () => true,
      read: async (id) => {
        asked.push(id)
        return entry({ id })
      },
    })
    for (let index = 0; index < 1_000; index++) await many.read(`s-${index}`)
    expect(many.size).toBe(1_000)
    await clock.advance(2_000)
    many.hear({ kind: 'cancel', sessionId: 'any' })
    expect([many.size, recent.size, clock.pending]).toEqual([0, 0, 0])
  })

  it('is what was heard while it was being read, where that is newer', async () => {
    const { recent, answer, asked } = setUp()
    const reading = recent.read(ID)
    recent.hear(changed(entry({ revision: 5 })))
    answer(stored(4))
    expect((await reading)?.snapshot.revision).toBe(5)
    expect((await recent.read(ID))?.snapshot.revision).toBe(5)
    expect(asked).toHaveLength(1)
  })

  it('is what was heard since, but nothing older', async () => {
    const { recent, reads, revision } = setUp()
    await reads(stored(4))
    recent.hear(changed(entry({ revision: 3 })))
    expect(await revision()).toBe(4)
    recent.hear(changed(entry({ revision: 5 })))
    recent.hear(changed(entry({ id: 'other', revision: 9 })))
    expect(await revision()).toBe(5)
    recent.hear(changed(entry({ life: 1, revision: 1 })))
    expect((await recent.read(ID))?.snapshot).toMatchObject({ epoch: epoch(1), revision: 1 })
  })

  it('is what was found by another question since', async () => {
    const { recent, reads, revision } = setUp()
    await reads(stored(4))
    recent.take(stored(6))
    expect(await revision()).toBe(6)
  })

  it('is asked for each time where nothing was found, unless something is heard of it', async () => {
    const { recent, asked, reads } = setUp()
    expect(await reads(null)).toBe(null)
    expect(await reads(null)).toBe(null)
    expect(asked).toHaveLength(2)
    const reading = recent.read(ID)
    recent.hear(changed(entry()))
    asked.at(-1)?.resolve(null)
    expect((await reading)?.snapshot.revision).toBe(1)
    expect([(await recent.read(ID))?.snapshot.revision, asked.length]).toEqual([1, 3])
  })

  it('is asked for again after a gap, also where it was being read', async () => {
    const { recent, asked, reads, answer } = setUp()
    await reads(stored(4))
    recent.empty()
    const across = recent.read(ID)
    recent.empty()
    const after = recent.read(ID)
    expect(asked).toHaveLength(3)
    asked[1]?.resolve(stored(4))
    answer(stored(7))
    expect([(await across)?.snapshot.revision, (await after)?.snapshot.revision]).toEqual([4, 7])
    expect((await recent.read(ID))?.snapshot.revision).toBe(7)
  })

  it('22: is asked for each time as long as others are not heard', async () => {
    const { recent, asked, reads, become, answer } = setUp()
    become(false)
    await reads(stored(4))
    const both = [recent.read(ID), recent.read(ID)]
    expect(asked).toHaveLength(3)
    for (const question of asked) question.resolve(stored(5))
    await Promise.all(both)
    become(true) // what was read before may be out of date by now
    void recent.read(ID)
    expect(asked).toHaveLength(4)
    answer(stored(6))
    await recent.read(ID)
    become(false)
    void recent.read(ID)
    expect(asked).toHaveLength(5)
  })

  it('20: is asked for again after a failure, which all hear of who waited', async () => {
    const { recent, asked, reads } = setUp()
    const waiting = [recent.read(ID), recent.read(ID)]
    asked[0]?.reject(new Error('away'))
    for (const one of waiting) await expect(one).rejects.toThrow('away')
    expect((await reads(stored(2)))?.snapshot.revision).toBe(2)
  })
})

describe('a session is silent', () => {
  it('where the backend said that its epoch has no lines, for as long as that is kept', async () => {
    const { clock, recent, reads } = setUp()
    expect(recent.isSilent(ID, epoch(0))).toBe(false)
    await reads(stored(1, false))
    recent.hear(changed(entry({ revision: 2 })))
    recent.hear(logged(0, 'other'))
    expect(recent.isSilent(ID, epoch(0))).toBe(true)
    await clock.advance(2_000)
    expect(recent.isSilent(ID, epoch(0))).toBe(false)
  })

  it.each<[string, (made: ReturnType<typeof setUp>) => unknown]>([
    ['the backend does not say', ({ reads }) => reads(stored(1))],
    ['it has lines', ({ reads }) => reads(stored(1, true))],
    ['there is no such session', ({ reads }) => reads(null)],
    ['it is asked about another epoch', ({ reads }) => reads(stored(1, false, 1))],
    [
      'lines were heard of since',
      async ({ recent, reads }) => {
        await reads(stored(1, false))
        recent.hear(logged())
      },
    ],
    [
      'lines were heard of while it was being read',
      async ({ recent, answer }) => {
        const reading = recent.read(ID)
        recent.hear(logged())
        answer(stored(1, false))
        await reading
      },
    ],
    [
      'there was a gap',
      async ({ recent, reads }) => {
        await reads(stored(1, false))
        recent.empty()
      },
    ],
    [
      'there was a gap while it was being read',
      async ({ recent, answer }) => {
        const reading = recent.read(ID)
        recent.empty()
        answer(stored(1, false))
        await reading
      },
    ],
    [
      'others are not heard',
      async ({ become, reads }) => {
        become(false)
        await reads(stored(1, false))
        become(true)
      },
    ],
  ])('but not where %s', async (_, happen) => {
    const made = setUp()
    await happen(made)
    expect(made.recent.isSilent(ID, epoch(0))).toBe(false)
  })

  it('but not in a new epoch that was heard of, whose lines may be told already', async () => {
    const { recent, reads } = setUp()
    await reads(stored(1, false))
    recent.hear(changed(entry({ life: 1 })))
    expect(recent.isSilent(ID, epoch(1))).toBe(false)
  })
})
