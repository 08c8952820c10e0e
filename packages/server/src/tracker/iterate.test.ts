import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Counter, track } from './iterate'

function counter() {
  const told: (string | number | undefined)[] = []
  const state = { cancelled: false }
  const one: Counter = {
    begin: (total, unit) => void told.push(`begin ${total} ${unit}`),
    advance: (by) => void told.push(by),
    throwIfCancelled() {
      if (state.cancelled) throw new Error('cancelled')
    },
  }
  const cancel = () => {
    state.cancelled = true
  }
  return { one, told, cancel }
}

/** A source that says when it was closed. */
function* letters(closed: string[] = []) {
  try {
    yield* ['a', 'b', 'c']
  } finally {
    closed.push('closed')
  }
}
async function* later(closed: string[] = []) {
  try {
    for (const letter of ['a', 'b', 'c']) yield letter
  } finally {
    await null
    closed.push('closed')
  }
}
const sync = (source: Iterable<unknown>, one?: Counter, options = {}) =>
  track(source, one, options) as Iterable<unknown>
const async = (source: AsyncIterable<unknown>, one?: Counter, options = {}) =>
  track(source, one, options) as AsyncIterable<unknown>
async function all(source: AsyncIterable<unknown>) {
  const items: unknown[] = []
  for await (const item of source) items.push(item)
  return items
}

describe('track', () => {
  it.each<[string, () => Iterable<unknown>, string]>([
    ['an array, which brings its total', () => ['a', 'b', 'c'], 'begin 3 undefined'],
    ['a Set', () => new Set(['a', 'b', 'c']), 'begin undefined undefined'],
    ['a generator', () => letters(), 'begin undefined undefined'],
    ['a text', () => 'abc', 'begin undefined undefined'],
  ])('counts %s', (_, source, begin) => {
    const { one, told } = counter()
    expect([...sync(source(), one)]).toEqual(['a', 'b', 'c'])
    expect(told).toEqual([begin, 1, 1, 1])
  })

  it('counts an item when the loop is done with it', () => {
    const { one, told } = counter()
    const seen: number[] = []
    for (const _ of sync(['a', 'b'], one)) seen.push(told.length)
    expect(seen).toEqual([1, 2])
  })

  it('counts by size, and measures an array before', () => {
    const { one, told } = counter()
    const options = { unit: 'bytes', size: (item: string) => item.length }
    expect([...sync(['aa', '', 'bbb'], one, options)]).toEqual(['aa', '', 'bbb'])
    expect(told).toEqual(['begin 5 bytes', 2, 0, 3])
  })

  it('begins again with each iteration, and takes a total that is given', () => {
    const { one, told } = counter()
    const tracked = sync(new Set([1]), one, { total: 9 })
    expect([...tracked, ...tracked]).toEqual([1, 1])
    expect(told).toEqual(['begin 9 undefined', 1, 'begin 9 undefined', 1])
  })

  it('counts an async generator', async () => {
    const { one, told } = counter()
    expect(await all(async(later(), one))).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['begin undefined undefined', 1, 1, 1])
  })

  it('counts a Readable by the size of its chunks', async () => {
    const { one, told } = counter()
    const source = Readable.from([Buffer.from('aa'), Buffer.from('bbb')])
    const options = { total: 5, unit: 'bytes', size: (chunk: Buffer) => chunk.length }
    expect(await all(async(source, one, options))).toHaveLength(2)
    expect(told).toEqual(['begin 5 bytes', 2, 3])
    expect(source.destroyed).toBe(true)
  })

  it("closes the source on an early break, and does not count the loop's last item", async () => {
    const closed: string[] = []
    const { one, told } = counter()
    for (const item of sync(letters(closed), one)) if (item === 'b') break
    for await (const item of async(later(closed), one)) if (item === 'b') break
    expect(closed).toEqual(['closed', 'closed'])
    expect(told.filter((by) => by === 1)).toHaveLength(2)
  })

  it('closes the source when the loop throws', async () => {
    const closed: string[] = []
    expect(() => {
      for (const _ of sync(letters(closed))) throw new Error('body')
    }).toThrow('body')
    await expect(
      (async () => {
        for await (const _ of async(later(closed))) throw new Error('body')
      })(),
    ).rejects.toThrow('body')
    expect(closed).toEqual(['closed', 'closed'])
  })

  it('throws between two items when cancelled, and closes the source', async () => {
    const closed: string[] = []
    const { one, told, cancel } = counter()
    const seen: unknown[] = []
    const loop = () => {
      for (const item of sync(letters(closed), one)) {
        seen.push(item)
        cancel()
      }
    }
    expect(loop).toThrow('cancelled')
    await expect(all(async(later(closed), one))).rejects.toThrow('cancelled')
    expect(seen).toEqual(['a'])
    expect(told.filter((by) => by === 1)).toHaveLength(1)
    expect(closed).toEqual(['closed']) // the async one had not begun: there was nothing to close
  })

  it('destroys a Readable when cancelled', async () => {
    const source = Readable.from(['a', 'b', 'c'])
    const { one, cancel } = counter()
    const loop = async () => {
      for await (const _ of async(source, one)) cancel()
    }
    await expect(loop()).rejects.toThrow('cancelled')
    expect(source.destroyed).toBe(true)
  })

  it('tells the reason to stop where closing fails, too', async () => {
    const { one, cancel } = counter()
    cancel()
    const failing = () => ({
      next: () => ({ done: false as const, value: 1 }),
      return() {
        throw new Error('no')
      },
    })
    expect(() => [...sync({ [Symbol.iterator]: failing }, one)]).toThrow('cancelled')
    const source = { [Symbol.asyncIterator]: () => failing() as never }
    await expect(all(async(source, one))).rejects.toThrow('cancelled')
  })

  it("hands on the source's own promises", () => {
    const promises = [Promise.resolve({ done: false, value: 1 }), Promise.resolve({ done: true, value: undefined })]
    let asked = 0
    const source = { [Symbol.asyncIterator]: () => ({ next: () => promises[asked++] as never }) }
    for (const options of [{}, { size: () => 1 }]) {
      asked = 0
      const iterator = async(source, counter().one, options)[Symbol.asyncIterator]()
      expect([iterator.next() === promises[0], iterator.next() === promises[1]]).toEqual([true, true])
    }
  })

  it('takes a source that answers without promises, as a loop does', async () => {
    let left = 2
    const next = () => ({ done: left-- === 0, value: 'x' })
    const source = { [Symbol.asyncIterator]: () => ({ next }) as never }
    const { one, told } = counter()
    expect(await all(async(source, one, { size: () => 4 }))).toEqual(['x', 'x'])
    expect(told.slice(1)).toEqual([4, 4])
  })

  it("passes on the source's own error, uncounted", async () => {
    const broken = async function* () {
      yield 1
      throw new Error('source')
    }
    const { one, told } = counter()
    await expect(all(async(broken(), one, { size: () => 1 }))).rejects.toThrow('source')
    expect(told.slice(1)).toEqual([1])
  })

  it('goes on where a size cannot be taken', () => {
    const { one, told } = counter()
    const size = () => {
      throw new Error('size')
    }
    expect([...sync(['a'], one, { size })]).toEqual(['a'])
    expect(told).toEqual(['begin NaN undefined', Number.NaN])
  })

  it('passes on everything where nobody counts', async () => {
    expect([...sync([1, 2])]).toEqual([1, 2])
    expect(await all(async(later()))).toEqual(['a', 'b', 'c'])
  })

  it.each([null, undefined, 7, {}, () => 1])('throws for %o at once', (source) => {
    expect(() => track(source as never, undefined)).toThrow('track() takes an array, an iterable')
  })
})
