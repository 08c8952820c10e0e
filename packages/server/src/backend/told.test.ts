import { describe, expect, it } from 'vitest'
import { type EntryFields, entry } from '../conformance/bench'
import { DEFAULTS } from '../defaults'
import { Told } from './told'

const take = (told: Told, ...all: EntryFields[]) => all.map((fields) => told.take(entry(fields).snapshot))

describe('Told', () => {
  it('knows what is made and what has changed, whatever revision comes first', () => {
    expect(take(new Told(), { revision: 7 }, { revision: 8 }, { life: 1 }, { life: 1, revision: 2 })).toEqual([
      ...['made', 'changed'],
      ...['made', 'changed'],
    ])
  })

  it('passes over what is not newer, also after an end', () => {
    const told = new Told()
    expect(take(told, { revision: 7 }, { revision: 7 }, { revision: 6 })).toEqual(['made', null, null])
    expect(take(told, { revision: 8, isEnded: true }, { revision: 8, isEnded: true }, { revision: 9 })).toEqual([
      ...['changed', null],
      null,
    ])
    expect(take(told, { life: 1 }, { revision: 10 })).toEqual(['made', null])
  })

  it('forgets the oldest ends, not what runs', () => {
    const told = new Told()
    take(told, { id: 'runs' }, { id: 'first', isEnded: true })
    for (let index = 0; index < DEFAULTS.endsKept; index++) take(told, { id: `s-${index}`, isEnded: true })
    expect(take(told, { id: 'runs' }, { id: 'first', isEnded: true })).toEqual([null, 'made'])
  })
})
