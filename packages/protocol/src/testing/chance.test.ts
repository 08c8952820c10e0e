import { expect, it } from 'vitest'
import { chanceOf } from './chance'

it('the same seed gives the same numbers, another seed gives others', () => {
  const ten = (seed: number) => {
    const chance = chanceOf(seed)
    return Array.from({ length: 10 }, () => chance())
  }
  expect(ten(1)).toEqual(ten(1))
  expect(ten(1)).not.toEqual(ten(2))
})

it('numbers from 0 to below 1, spread evenly', () => {
  const chance = chanceOf(7)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let count = 0; count < 10_000; count++) {
    const tenth = Math.floor(chance() * 10)
    tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1
  }
  expect(tenths).toHaveLength(10)
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})
