import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from './decode'
import { messageNames } from './messages'
import { buildMessage, buildSnapshot } from './testing'

const reason = (name: string, value: unknown) => {
  const decoded = decode(name, value)
  return decoded.ok ? 'ok' : decoded.error.message
}

describe('decode', () => {
  it.each(messageNames)('reads %s as it was built', (name) => {
    expect(decode(name, buildMessage(name))).toEqual({ ok: true, value: buildMessage(name) })
  })

  it('passes over fields and arguments that it does not know', () => {
    const snapshot = buildSnapshot('active')
    expect(decode('progress-update', { ...snapshot, colour: 'green' })).toEqual({ ok: true, value: snapshot })
    expect(decode('leave-progress', ['id', 'and', 'more']).ok).toBe(true)
  })

  it('takes null for an option that is left out, as Socket.IO sends undefined', () => {
    expect(decode('join-progress', ['id', null])).toEqual({ ok: true, value: ['id', null] })
    expect(decode('join-progress', ['id'])).toEqual({ ok: true, value: ['id'] })
    expect(decode('list-progress', []).ok).toBe(true)
  })

  it('names the place that is wrong', () => {
    expect(reason('progress-update', { ...buildSnapshot(), progress: 101 })).toMatch(/^progress-update: progress: /)
    const job = buildSnapshot('active', { metadata: { rows: { ok: 'x'.repeat(201) } } })
    expect(reason('progress-batch', { sessions: [buildSnapshot(), job] })).toMatch(
      /^progress-batch: sessions.1.metadata.rows.ok: /,
    )
    expect(reason('join-progress:answer', { success: true, status: { ...buildSnapshot(), epoch: 'x' } })).toMatch(
      /^join-progress:answer: status.epoch: /,
    )
  })

  it('quotes nothing of what it was given', () => {
    const canary = 'canary\r\n\u001b[31m'
    for (const name of messageNames) {
      for (const value of [canary, [canary], { status: canary }, { ...buildSnapshot(), worker: canary }]) {
        expect(reason(name, value)).not.toContain('canary')
      }
    }
    const keyed = { ...buildSnapshot(), metadata: { [canary]: 'x'.repeat(201) } }
    expect(reason('progress-update', keyed)).toBe('progress-update: metadata.?: longer than 200 characters')
    expect(reason(canary, {})).toContain('no message of this protocol has this name')
  })

  // reliability.md 36, 38
  it.each([
    [[]],
    [{}],
    ['id'],
    [[{ toString: 1 }]],
    [[['id']]],
    [[7]],
    [[null]],
    [['']],
    [['x'.repeat(1_000_000)]],
    [['../x']],
    [['__proto__/']],
    [['id', 7]],
    [['id', { position: {} }]],
    [['id', { logLine: -1 }]],
  ])('refuses to join by %j', (args) => expect(decode('join-progress', args).ok).toBe(false))

  it('refuses what nests beyond the stack, and what throws when it is read', () => {
    let deep: unknown = 1
    for (let level = 0; level < 400_000; level++) deep = [deep]
    expect(decode('progress-complete', buildSnapshot('completed', { result: deep })).ok).toBe(false)
    expect(decode('join-progress', [deep]).ok).toBe(false)
    const proxy = new Proxy(
      {},
      {
        get: () => {
          throw new Error('odd')
        },
      },
    )
    for (const name of messageNames) expect(decode(name, proxy).ok).toBe(false)
  })

  // reliability.md 45
  it('lets no key reach a prototype', () => {
    const hostile: unknown = JSON.parse(
      JSON.stringify({ ...buildSnapshot(), metadata: {} }).replace(
        '"metadata":{}',
        '"metadata":{"__proto__":{"polluted":1}}',
      ),
    )
    const decoded = decode('progress-update', hostile)
    expect(decoded.ok && 'polluted' in decoded.value.metadata).toBe(false)
    expect('polluted' in {}).toBe(false)
    for (const name of ['__proto__', 'constructor', 'toString']) expect(decode(name, {}).ok).toBe(false)
  })

  it('throws at nothing, and what it accepts survives JSON: 10,000 arbitrary messages', () => {
    const names = fc.oneof(fc.constantFrom<string>(...messageNames), fc.string())
    const values = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      fc.constantFrom(...messageNames).chain((name) => mutated(buildMessage(name))),
    )
    let accepted = 0
    fc.assert(
      fc.property(names, values, (name, value) => {
        const decoded = decode(name, value)
        if (!decoded.ok) return
        accepted += 1
        const text = JSON.stringify(decoded.value)
        const again = decode(name, JSON.parse(text))
        expect(again.ok && JSON.stringify(again.value)).toBe(text)
      }),
      { numRuns: 10_000 },
    )
    expect(accepted).toBeGreaterThan(100) // else the second half of the claim was hardly tried
  })
})

/** A valid message with one of its fields replaced by anything that JSON can say. */
function mutated(message: object): fc.Arbitrary<unknown> {
  const keys = Object.keys(message)
  return fc
    .tuple(fc.constantFrom(...keys, 'extra'), fc.jsonValue())
    .map(([key, value]) =>
      Array.isArray(message)
        ? message.map((item: unknown, index) => (String(index) === key ? value : item))
        : { ...message, [key]: value },
    )
}
