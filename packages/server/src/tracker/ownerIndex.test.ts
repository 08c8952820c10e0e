import { describe, expect, it } from 'vitest'
import { OwnerIndex } from './ownerIndex'

describe('OwnerIndex', () => {
  it('keeps what belongs to each, once, and nothing of nobody', () => {
    const index = new OwnerIndex<string>()
    for (const item of ['a', 'a', 'b', 'a', 'b']) index.add('ada', item)
    index.add('bob', 'c')
    index.add(null, 'd')
    index.delete(null, 'd')
    index.delete('eve', 'a')
    expect([[...index.of('ada')], [...index.of('bob')], [...index.of('null')]]).toEqual([['a', 'b'], ['c'], []])
  })

  it('lets go of one after the other', () => {
    const index = new OwnerIndex<string>()
    for (const item of ['a', 'b', 'c']) index.add('ada', item)
    for (const item of ['b', 'x', 'a']) index.delete('ada', item)
    expect([...index.of('ada')]).toEqual(['c'])
    index.delete('ada', 'c')
    expect([...index.of('ada')]).toEqual([])
    index.add('ada', 'd')
    index.delete('ada', 'x')
    expect([...index.of('ada')]).toEqual(['d'])
  })

  it.each(['__proto__', 'constructor', ''])('takes %o for an owner like any other', (owner) => {
    const index = new OwnerIndex<string>()
    expect([...index.of(owner)]).toEqual([])
    index.add(owner, 'a')
    expect([...index.of(owner)]).toEqual(['a'])
  })
})
