// Who may do what with a session: by our rule, and by rules of apps, some of which fail.
import type { Snapshot } from '@progress/protocol'
import { buildSnapshot, ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../backend/contract'
import { type Signal, Signals } from '../observe/signals'
import { Authorization, type Authorize, ownerOnly, type Verb } from './ownership'
import { type Caller, callerOf } from './principal'

function user(userId: string | number): Caller {
  const caller = callerOf({ userId }, 0)
  if (!caller) throw new Error('a caller')
  return caller
}

function entryOf(owner: string | null): Entry {
  return { snapshot: buildSnapshot('active'), owner, node: 'n' }
}

function authorized(authorize?: Authorize) {
  const clock = new ManualClock()
  const signals = new Signals()
  const told: Signal[] = []
  signals.onAny((signal) => told.push(signal))
  return { clock, told, authorization: new Authorization(authorize, clock, signals) }
}

describe('by default', () => {
  const rights: readonly (readonly [who: string | number, owner: string | null, verb: Verb, may: boolean])[] = [
    ['ada', 'ada', 'view', true],
    ['ada', 'ada', 'cancel', true],
    [7, '7', 'view', true],
    ['ada', null, 'view', true],
    ['ada', null, 'cancel', false],
    ['bob', 'ada', 'view', false],
    ['bob', 'ada', 'cancel', false],
    ['Ada', 'ada', 'view', false],
    ['ada', '', 'view', false],
    ['null', null, 'cancel', false],
  ]

  it.each(rights)('73: %s, of a session of %s, %s: %s', async (who, owner, verb, may) => {
    const { authorization } = authorized()
    expect([ownerOnly(user(who), owner, verb), await authorization.may(user(who), entryOf(owner), verb)]).toEqual([
      may,
      may,
    ])
  })

  it.each(rights.filter(([, , , may]) => !may))(
    '73: twin: by a rule that lets everybody, %s of a session of %s may %s',
    async (who, owner, verb) => {
      const { authorization } = authorized(() => true)
      expect(await authorization.may(user(who), entryOf(owner), verb)).toBe(true)
    },
  )
})

describe('a rule of the app', () => {
  it('is asked with the principal as it was given, the session, its owner and the verb', async () => {
    const asked: unknown[] = []
    const { authorization } = authorized((ask) => asked.push(ask) > 0)
    const entry = entryOf('bob')
    const principal = { userId: 7, tenant: 'north' }
    await authorization.may({ ...user(7), principal }, entry, 'view')
    const session: Snapshot & { owner: string | null } = { ...entry.snapshot, owner: 'bob' }
    expect(asked).toEqual([{ principal, session, verb: 'view' }])
    expect(authorization.isOwnerOnly).toBe(false)
  })

  const odd: readonly (readonly [does: string, rule: Authorize])[] = [
    ['answers undefined', () => undefined as never],
    ['answers 1', () => 1 as never],
    ['answers a text', () => 'yes' as never],
    ['answers a promise of an object', async () => ({}) as never],
  ]

  it.each(odd)('73: that %s means no', async (_, rule) => {
    const { authorization } = authorized(rule)
    expect(await authorization.may(user('bob'), entryOf('ada'), 'view')).toBe(false)
  })

  const failing: readonly (readonly [does: string, rule: Authorize])[] = [
    [
      'throws',
      () => {
        throw new Error('no such table: rights')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such table: rights'))],
    ['hangs', () => new Promise(() => {})],
  ]

  it.each(failing)('73: that %s means no, within 5 seconds, and is told', async (_, rule) => {
    const { authorization, clock, told } = authorized(rule)
    const may = authorization.may(user('bob'), entryOf('ada'), 'view')
    await clock.advance(5_000)
    expect([await Promise.race([may, 'still asking']), clock.pending]).toEqual([false, 0])
    expect(told).toMatchObject([{ name: 'handler-failed', where: 'authorize' }])
  })

  const attack = {
    principal: { userId: 'bob' },
    session: { ...buildSnapshot('active'), owner: 'ada' },
    verb: 'view',
  } as const

  it.each(odd.slice(1))('73: twin: taken for true or false as it comes, one that %s lets in', async (_, rule) => {
    expect(Boolean(await rule(attack))).toBe(true)
  })

  it('73: twin: where only a clear no counts, one that answers undefined lets in', async () => {
    expect((await odd[0]?.[1](attack)) !== false).toBe(true)
  })

  it('73: twin: where a failure is nothing, one that fails lets in', async () => {
    const careless = async (rule: Authorize) => {
      try {
        return (await rule(attack)) !== false
      } catch {
        return true
      }
    }
    for (const [, rule] of failing.slice(0, 2)) expect(await careless(rule)).toBe(true)
  })
})
