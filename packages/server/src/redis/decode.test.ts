import { describe, expect, it } from 'vitest'
import { entry, lines } from '../conformance/bench'
import { entryIn, logIn, messageIn, numberOf, storedIn } from './decode'

const good = entry()
const { sessionId, epoch, revision } = good.snapshot
const row = [sessionId, epoch, `${revision}`, '"ada"', '"node-1"', JSON.stringify(good.snapshot), '0']
const without = (index: number, value: unknown) => row.map((field, at) => (at === index ? value : field))

describe('entryIn', () => {
  it('reads a row, also one of bytes', () => {
    expect(entryIn(row)).toEqual(good)
    expect(entryIn(row.map((field) => Buffer.from(field)))).toEqual(good)
  })

  it.each([
    ['nothing', null],
    ['no list', 'x'],
    ['an empty list', []],
    ['another id', without(0, 'other')],
    ['another epoch', without(1, 'zzzzzzzzz-zzzzzzzz')],
    ['another revision', without(2, '7')],
    ['an owner that is no JSON', without(3, 'ada')],
    ['an owner that is no name', without(3, '7')],
    ['no node', without(4, null)],
    ['half a snapshot', without(5, row[5]?.slice(0, 50))],
    ['a snapshot of nothing', without(5, 'null')],
    ['a status that there is not', without(5, JSON.stringify({ ...good.snapshot, status: 'fine' }))],
    ['no progress', without(5, JSON.stringify({ ...good.snapshot, progress: '40' }))],
  ])('gives null for %s', (_name, odd) => {
    expect(entryIn(odd)).toBe(null)
  })
})

describe('storedIn', () => {
  it('says of the lines what the row says, and nothing where it says nothing', () => {
    expect(storedIn([...row, 0])).toEqual({ ...good, hasLog: false })
    expect(storedIn([...row, Buffer.from('1')])).toEqual({ ...good, hasLog: true })
    for (const odd of [[], [null], [{}], ['yes']]) expect(storedIn([...row, ...odd])).toEqual(good)
    expect(storedIn([...without(2, '7'), 1])).toBe(null)
  })
})

describe('logIn', () => {
  it('counts what is gone, and leaves out what is damaged', () => {
    const texts = [...lines(5, 2).map((line) => JSON.stringify(line)), '{', '7', '{"line":9}']
    expect(logIn(['5', texts], 2)).toEqual({ lines: lines(5, 2), gap: 2 })
    for (const odd of [null, 'x', [], [null, null]]) expect(logIn(odd, 2)).toEqual({ lines: [], gap: 0 })
  })
})

describe('messageIn', () => {
  it.each([
    { kind: 'changed', entry: good },
    { kind: 'log', sessionId, epoch, lines: lines(0, 1), node: 'node-1' },
    { kind: 'cancel', sessionId },
    { kind: 'cancel', sessionId, reason: 'enough' },
    { kind: 'revoke', whose: { userId: 'ada' } },
    { kind: 'revoke', whose: { loginId: 'l-1' } },
  ])('reads %j', (message) => {
    expect(messageIn(`12 ${JSON.stringify(message)}`)).toEqual({ number: 12, message })
  })

  it.each([
    '{}',
    '7',
    'null',
    '{"kind":"other"}',
    '{"kind":"changed"}',
    '{"kind":"changed","entry":{"owner":7,"node":"n","snapshot":{}}}',
    '{"kind":"log","sessionId":"a","epoch":"b","node":"c","lines":[7]}',
    '{"kind":"cancel","sessionId":7}',
    '{"kind":"cancel","sessionId":"a","reason":7}',
    '{"kind":"revoke","whose":{}}',
    '{"kind"',
  ])('knows no message in %s', (text) => {
    expect(messageIn(`12 ${text}`)).toEqual({ number: 12, message: undefined })
  })

  it('knows no number where there is none', () => {
    for (const text of ['', ' {}', 'x {}', '-1 {}', '1.5 {}', '{"kind":"cancel"}']) {
      expect(messageIn(text).number).toBeUndefined()
    }
  })
})

describe('numberOf', () => {
  it('takes whole numbers from 0 on, however they are written', () => {
    expect([7, '7', Buffer.from('7'), 0, '0'].map(numberOf)).toEqual([7, 7, 7, 0, 0])
    for (const odd of [null, undefined, '', 'x', -1, 1.5, Number.NaN, {}]) expect(numberOf(odd)).toBeUndefined()
  })
})
