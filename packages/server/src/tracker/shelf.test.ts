import { buildSnapshot } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Cell } from './cell'
import { Shelf } from './shelf'

function cell(sessionId: string, owner: string | null): Cell {
  return new Cell(buildSnapshot('active', { sessionId }), owner, undefined, 0, false)
}

const idsOf = (cells: Iterable<Cell>) => [...cells].map(({ snapshot }) => snapshot.sessionId)

describe('Shelf', () => {
  it('finds sessions by id and by owner', () => {
    const shelf = new Shelf()
    for (const [id, owner] of [
      ['a', 'ada'],
      ['b', 'bob'],
      ['c', 'ada'],
      ['d', null],
      ['e', 'ada'],
    ] as const) {
      shelf.put(cell(id, owner))
    }
    expect([idsOf(shelf.of('ada')), idsOf(shelf.of('bob')), idsOf(shelf.of('eve'))]).toEqual([
      ['a', 'c', 'e'],
      ['b'],
      [],
    ])
    expect([shelf.size, shelf.get('d')?.owner, shelf.get('x')]).toEqual([5, null, undefined])
  })

  it('gives an id to whoever comes last, and takes nobody out who has lost it', () => {
    const shelf = new Shelf()
    const [old, fresh] = [cell('a', 'ada'), cell('a', 'bob')]
    shelf.put(old)
    shelf.put(fresh)
    shelf.take(old)
    expect([idsOf(shelf.of('ada')), idsOf(shelf.of('bob')), shelf.size]).toEqual([[], ['a'], 1])
    expect(shelf.get('a')).toBe(fresh)
  })

  it('forgets an owner with the last of his sessions', () => {
    const shelf = new Shelf()
    const cells = ['a', 'b', 'c'].map((id) => cell(id, 'ada'))
    for (const one of cells) shelf.put(one)
    for (const [index, one] of cells.entries()) {
      shelf.take(one)
      expect(idsOf(shelf.of('ada'))).toHaveLength(2 - index)
    }
    shelf.put(cell('d', 'ada'))
    expect(idsOf(shelf.of('ada'))).toEqual(['d'])
  })
})
