import { epochAt, type LogLine } from '@progress/protocol'
import { buildSnapshot } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { StoredLog } from '../backend/contract'
import { deferred } from '../recorder.test-support'
import { LogFeed } from './logFeed'

const EPOCHS = [epochAt(1_000, () => 0), epochAt(2_000, () => 0)] as const
const snapshot = (life: 0 | 1) => buildSnapshot('active', { epoch: EPOCHS[life] })

function lines(from: number, to: number): readonly LogLine[] {
  return Array.from({ length: to - from }, (_, i) => ({ line: from + i, text: `${from + i}`, level: 'info', at: 0 }))
}

/** A feed whose reads the test answers. */
function fixture() {
  const said: string[] = []
  const reads: { after: number; answer: (log: StoredLog) => void; fail: (cause: unknown) => void }[] = []
  const failures: unknown[] = []
  const reader = { hasRoom: true }
  const feed = new LogFeed({
    read(_snapshot, after) {
      const { promise, resolve, reject } = deferred<StoredLog>()
      reads.push({ after, answer: resolve, fail: reject })
      return promise
    },
    say(text) {
      const { from, lines: told, gap } = JSON.parse(text.split('\ndata: ')[1] ?? '')
      said.push(`${from}-${from + told.length - 1}${gap ? ` after ${gap}` : ''}`)
    },
    hasRoom: () => reader.hasRoom,
    onFailed: (cause) => failures.push(cause),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { feed, said, reads, failures, reader, settle }
}

describe('LogFeed', () => {
  it('begins with what is kept, and says how much is not', async () => {
    const { feed, said, reads, settle } = fixture()
    feed.follow(snapshot(0))
    expect(reads[0]?.after).toBe(-1)
    reads[0]?.answer({ lines: lines(50, 60), gap: 50 })
    await settle()
    feed.logged(EPOCHS[0], { lines: lines(60, 62), gap: 0 })
    feed.logged(EPOCHS[0], { lines: lines(58, 63), gap: 0 }) // partly told already
    expect(said).toEqual(['50-59 after 50', '60-61', '62-62'])
    expect(reads).toHaveLength(1)
  })

  it('lets nothing overtake what is being read', async () => {
    const { feed, said, reads, settle } = fixture()
    feed.follow(snapshot(0))
    feed.logged(EPOCHS[0], { lines: lines(0, 2), gap: 0 })
    expect(said).toEqual([])
    reads[0]?.answer({ lines: lines(0, 1), gap: 0 })
    await settle()
    reads[1]?.answer({ lines: lines(1, 2), gap: 0 })
    await settle()
    expect([said, reads.map(({ after }) => after)]).toEqual([
      ['0-0', '1-1'],
      [-1, 0],
    ])
  })

  it('reads what is missing when lines were lost on the way', async () => {
    const { feed, said, reads, settle } = fixture()
    feed.follow(snapshot(0))
    reads[0]?.answer({ lines: [], gap: 0 })
    await settle()
    feed.logged(EPOCHS[0], { lines: lines(0, 1), gap: 0 })
    feed.logged(EPOCHS[0], { lines: lines(5, 6), gap: 0 })
    reads[1]?.answer({ lines: lines(1, 6), gap: 0 })
    await settle()
    expect(said).toEqual(['0-0', '1-5'])
  })

  it('holds nothing for a reader without room, and reads it again when there is some', async () => {
    const { feed, said, reads, reader, settle } = fixture()
    feed.follow(snapshot(0))
    reads[0]?.answer({ lines: [], gap: 0 })
    await settle()
    reader.hasRoom = false
    for (let i = 0; i < 1_000; i++) feed.logged(EPOCHS[0], { lines: lines(i, i + 1), gap: 0 })
    expect([said, reads.length]).toEqual([[], 1])
    reader.hasRoom = true
    feed.catchUp()
    reads[1]?.answer({ lines: lines(800, 1_000), gap: 800 })
    await settle()
    expect(said).toEqual(['800-999 after 800'])
  })

  it('begins anew with a new epoch, and drops what belongs to the old one', async () => {
    const { feed, said, reads, settle } = fixture()
    feed.follow(snapshot(0))
    feed.follow(snapshot(1))
    reads[0]?.answer({ lines: lines(0, 9), gap: 0 })
    await settle()
    reads[1]?.answer({ lines: lines(0, 2), gap: 0 })
    await settle()
    feed.logged(EPOCHS[0], { lines: lines(2, 3), gap: 0 })
    feed.follow(snapshot(0))
    reads[2]?.answer({ lines: lines(0, 1), gap: 0 })
    await settle()
    expect([said, reads.map(({ after }) => after)]).toEqual([
      ['0-1', '0-0'],
      [-1, -1, -1],
    ])
  })

  it('says nothing of a session that may be seen no longer', async () => {
    const { feed, said, reads, settle } = fixture()
    feed.follow(snapshot(0))
    feed.stop()
    reads[0]?.answer({ lines: lines(0, 9), gap: 0 })
    await settle()
    feed.logged(EPOCHS[0], { lines: lines(0, 1), gap: 0 })
    expect(said).toEqual([])
  })

  it('tells of a read that failed, and goes on with the next lines', async () => {
    const { feed, said, reads, failures, settle } = fixture()
    feed.follow(snapshot(0))
    reads[0]?.fail(new Error('away'))
    await settle()
    expect(failures).toHaveLength(1)
    feed.logged(EPOCHS[0], { lines: lines(3, 4), gap: 0 })
    reads[1]?.answer({ lines: lines(0, 4), gap: 0 })
    await settle()
    expect(said).toEqual(['0-3'])
  })
})
