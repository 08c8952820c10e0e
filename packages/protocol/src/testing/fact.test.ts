import { expect, it } from 'vitest'
import { alike, hold } from './fact'

it('what holds says nothing, what does not says its sentence', () => {
  expect(() => hold(true, 'it rains')).not.toThrow()
  expect(() => hold(false, 'it rains')).toThrow('it rains')
})

it('the order of keys does not count, all else does', () => {
  expect(() => alike({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 }, 'the same')).not.toThrow()
  expect(() => alike([1, 2], [2, 1], 'in this order')).toThrow('in this order. Expected [2,1], got [1,2]')
  expect(() => alike({ a: '1' }, { a: 1 }, 'of this type')).toThrow('of this type. Expected {"a":1}, got {"a":"1"}')
  expect(() => alike({ a: 1 }, [['a', 1]], 'of this shape')).toThrow('of this shape. Expected [["a",1]], got {"a":1}')
  expect(() => alike(undefined, null, 'there')).toThrow('there. Expected null, got undefined')
})

it('long values are cut', () => {
  expect(() => alike('x'.repeat(1_000), 'y', 'short')).toThrow(/^short. Expected "y", got "x{299} …$/)
})
