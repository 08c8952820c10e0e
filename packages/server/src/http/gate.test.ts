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

/** What a gate would be without its care: any yes shows the newest; `asksOnce`: the first answer holds for ever. */
function naive({ asksOnce = false } = {}) {
  const shown: string[] = []
  const answers: ((may: boolean) => void)[] = []
  let newest: Entry | undefined
  let allowed: boolean | undefined
  const gate = {
    async offer(offered: Entry): Promise<void> {
      newest = offered
      if (!asksOnce || allowed === undefined) allowed = await new Promise<boolean>((resolve) => answers.push(resolve))
      if (allowed) shown.push(`${EPOCHS.indexOf(newest.snapshot.epoch)}.${newest.snapshot.revision}`)
    },
  }
  const answer = async (index: number, may: boolean) => {
    answers[index]?.(may)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { gate, shown, answer }
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

  it('73: passes nothing of what may not be seen', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, false)
    for (let revision = 2; revision <= 100; revision++) void gate.offer(entry(0, revision))
    expect([shown, questions.length, gate.visible]).toEqual([[], 1, undefined])
  })

  it('73: twin: told yes, it passes all of it', async () => {
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    for (let revision = 2; revision <= 100; revision++) void gate.offer(entry(0, revision))
    expect(shown).toHaveLength(100)
  })

  it('73: asks again for a new epoch, and lets no answer for an old one decide', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    void gate.offer(entry(1, 1, 'bob'))
    await answer(1, false)
    await answer(0, true) // too late: it is another session now
    expect(shown).toEqual([])
    expect(questions.map(({ entry: { owner } }) => owner)).toEqual(['ada', 'bob'])
  })

  it('73: twin: where any yes counts for the newest, the answer for an old one shows another’s session', async () => {
    const { gate, shown, answer } = naive()
    void gate.offer(entry(0, 1))
    void gate.offer(entry(1, 1, 'bob'))
    await answer(1, false)
    await answer(0, true)
    expect(shown).toEqual(['1.1'])
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

  it('73: asks again when the owner changes within an epoch', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    void gate.offer(entry(0, 2, 'bob'))
    expect([questions.length, shown]).toEqual([2, ['0.1']])
    await answer(1, false)
    expect(shown).toEqual(['0.1', 'gone'])
  })

  it('73: twin: asked once for all, it shows what has become another’s', async () => {
    const { gate, shown, answer } = naive({ asksOnce: true })
    void gate.offer(entry(0, 1))
    await answer(0, true)
    await gate.offer(entry(0, 2, 'bob'))
    await gate.offer(entry(1, 1, 'bob'))
    expect(shown).toEqual(['0.1', '0.2', '1.1'])
  })

  it('69: goes on showing while a recheck asks, and hides when the right is gone', async () => {
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

  it('69: twin: unless it is asked again, it goes on showing', async () => {
    const { gate, shown, questions, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    void gate.offer(entry(0, 2)) // the right is gone, and nobody looks
    void gate.offer(entry(0, 3))
    expect([shown, questions.length]).toEqual([['0.1', '0.2', '0.3'], 1])
  })

  it('79: passes nothing once it is closed, also not what it was asking about', async () => {
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 1))
    gate.close()
    await answer(0, true)
    void gate.offer(entry(0, 2))
    await gate.recheck()
    expect(shown).toEqual([])
  })

  it('79: twin: left open, it passes what it was asking about', async () => {
    const { gate, shown, answer } = fixture()
    void gate.offer(entry(0, 1))
    await answer(0, true)
    expect(shown).toEqual(['0.1'])
  })

  it('65: takes a rule that fails for a no', async () => {
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
