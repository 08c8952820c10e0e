// So many at a time, each once, and none waits for one that takes long.
import { expect, it } from 'vitest'
import { Turns } from './turns'

/** Looks that end when the test says so. */
function slowLooks(atMost: number) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const turns = new Turns<{ name: string }>(atMost, ({ name }) => {
    begun.push(name)
    return new Promise((resolve) => ends.set(name, resolve))
  })
  const end = async (name: string) => {
    ends.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { turns, begun, end }
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name })) as [
  { name: string },
  { name: string },
  { name: string },
  { name: string },
]

it('looks at no more than it may, and goes on past one that takes long', async () => {
  const { turns, begun, end } = slowLooks(2)
  for (const one of [a, b, c, d]) turns.add(one)
  expect(begun).toEqual(['a', 'b'])
  await end('b')
  await end('c')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

it('twin: without a bound it looks at all of them at once', () => {
  const { turns, begun } = slowLooks(Number.POSITIVE_INFINITY)
  for (const one of [a, b, c, d]) turns.add(one)
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

it('twin: one after the other, one that takes long holds up all', async () => {
  const { turns, begun, end } = slowLooks(1)
  for (const one of [a, b, c, d]) turns.add(one)
  await end('b')
  expect(begun).toEqual(['a'])
})

it('takes each once while it waits or is looked at, and again afterwards', async () => {
  const { turns, begun, end } = slowLooks(1)
  for (const one of [a, a, b, b]) turns.add(one)
  expect([turns.has(a), turns.has(b), turns.has(c)]).toEqual([true, true, false])
  await end('a')
  turns.add(a)
  await end('b')
  expect(begun).toEqual(['a', 'b', 'a'])
})

it('forgets those that wait', async () => {
  const { turns, begun, end } = slowLooks(1)
  for (const one of [a, b]) turns.add(one)
  turns.clear()
  await end('a')
  expect(begun).toEqual(['a'])
})

it('twin: not told to forget, it goes on with them', async () => {
  const { turns, begun, end } = slowLooks(1)
  for (const one of [a, b]) turns.add(one)
  await end('a')
  expect(begun).toEqual(['a', 'b'])
})
