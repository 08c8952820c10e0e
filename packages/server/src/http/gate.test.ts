import { epochAt, type Snapshot } from '@progress/protocol'
import { buildSnapshot } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../backend/contract'
import { deferred } from '../recorder.test-support'
import { Gate } from './gate'

const EPOCHS = [epochAt(1_000, () => 0), epochAt(2_000, () => 0), epochAt(3_000, () => 0)]

function entry(life: number, revision: number, owner = 'ada'): Entry {
  return { snapshot: buildSnapshot('active', { epoch: EPOCHS[life] ?? '', revision }), owner, node: 'n' }
}

/** A gate whose questions the test answers. */
function fixture() {
  const shown: string[] = []
  const questions: { entry: Entry; answer: (may: boolean) => void }[] = []
  const gate = new Gate({
    may(asked) {
      const { promise, resolve } = deferred<boolean>()
      questions.push({ entry: asked, answer: resolve })
      return promise
    },
    show: ({ epoch, revision }: Snapshot) => void shown.push(`${EPOCHS.indexOf(epoch)}.${revision}`),
    hide: () => void shown.push('gone'),
  })
  const answer = async (index: number, may: boolean) => {
    questions[index]?.answer(may)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { gate, shown, questions, answer }
}

describe('Gate', () => {
  it('asks once per epoch, and passes what is newer', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    for (const revision of [2, 2, 1, 5, 4]) void gate.offer(entry(0, revision))
    expect(shown).toEqual(['0.1', '0.2', '0.5'])
    expect(questions).toHaveLength(1)
  })

  it('passes the newest of what came while it asked, once', async () => {
    const { gate, shown, answer } = fixture()
    for (const revision of [1, 2, 3]) void gate.offer(entry(0, revision))
    expect(shown).toEqual([])
    await answer(0, true)
    expect(shown).toEqual(['0.3'])
  })

  it('passes nothing of what may not be seen', async () => {
    // reliability.md 73
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, false)
    for (let revision = 2; revision <= 100; revision++) void gate.offer(entry(0, revision))
    expect([shown, questions.length, gate.visible]).toEqual([[], 1, undefined])
  })

  it('asks again for a new epoch, and lets no answer for an old one decide', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    void gate.offer(entry(1, 1, 'bob'))
    await answer(1, false)
    await answer(0, true) // too late: it is another session now
    expect(shown).toEqual([])
    expect(questions.map(({ entry: { owner } }) => owner)).toEqual(['ada', 'bob'])
  })

  it('asks again for a new epoch of the same owner: another rule may say no', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 7))
    await answer(0, true)
    void gate.offer(entry(1, 1))
    expect([questions.length, shown]).toEqual([2, ['0.7']])
    await answer(1, true)
    expect(shown).toEqual(['0.7', '1.1'])
  })

  it('says that it is gone when the new epoch is not theirs to see', async () => {
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 7))
    await answer(0, true)
    void gate.offer(entry(1, 1, 'bob'))
    void gate.offer(entry(2, 1, 'bob'))
    await answer(1, false)
    await answer(2, false)
    expect(shown).toEqual(['0.7', 'gone'])
    void gate.offer(entry(0, 8)) // of the old life, late
    expect(shown).toEqual(['0.7', 'gone'])
  })

  it('asks again when the owner changes within an epoch', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    void gate.offer(entry(0, 2, 'bob'))
    expect([questions.length, shown]).toEqual([2, ['0.1']])
    await answer(1, false)
    expect(shown).toEqual(['0.1', 'gone'])
  })

  it('goes on showing while a recheck asks, and hides when the right is gone', async () => {
    // reliability.md 69
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    void gate.recheck()
    void gate.offer(entry(0, 2))
    await answer(1, false)
    void gate.offer(entry(0, 3))
    expect(shown).toEqual(['0.1', '0.2', 'gone'])
    void gate.recheck()
    await answer(2, true)
    expect(shown).toEqual(['0.1', '0.2', 'gone', '0.3'])
  })

  it('passes nothing once it is closed, also not what it was asking about', async () => {
    // reliability.md 79
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 1))
    gate.close()
    await answer(0, true)
    void gate.offer(entry(0, 2))
    await gate.recheck()
    expect(shown).toEqual([])
  })

  it('takes a rule that fails for a no', async () => {
    const shown: Snapshot[] = []
    const gate = new Gate({
      may: () => Promise.reject(new Error('no')),
      show: (snapshot) => void shown.push(snapshot),
      hide: () => {},
    })
    await gate.offer(entry(0, 1))
    expect([shown, gate.visible]).toEqual([[], undefined])
  })
})
