import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { defineEvents } from './customEvents'
import { type } from './operation'

const events = defineEvents({
  'test.started': z.object({ test_id: z.string() }),
  'test.progress': z.object({ test_id: z.string(), progress: z.number(), output: z.string().default('') }),
  note: type<{ text: string }>(),
})
const at = Date.UTC(2026, 0, 1)

describe('defineEvents', () => {
  // S2-42, S2-79
  it('makes the envelope of the seed', () => {
    const envelope = events.encode('test.started', { test_id: 't1' }, { at, userId: 'ada', correlationId: 'op-1' })
    expect(envelope).toEqual({
      event_type: 'test.started',
      timestamp: '2026-01-01T00:00:00.000Z',
      data: { test_id: 't1' },
      user_id: 'ada',
      correlation_id: 'op-1',
    })
  })

  // S2-22, S2-85, S2-101
  it('reads on one side what the other wrote, through JSON', () => {
    const sent = events.encode('test.progress', { test_id: 't1', progress: 5, output: 'ok' }, { at })
    const read = events.decode(JSON.parse(JSON.stringify(sent)))
    expect(read).toEqual({
      ok: true,
      value: { type: 'test.progress', data: { test_id: 't1', progress: 5, output: 'ok' }, at },
    })
    if (read.ok && read.value.type === 'test.progress') expectTypeOf(read.value.data.progress).toEqualTypeOf<number>()
    if (read.ok && read.value.type === 'note') expectTypeOf(read.value.data).toEqualTypeOf<{ text: string }>()
  })

  it('names the field that is wrong, on writing and on reading', () => {
    const wrong = { test_id: 7 } as unknown as { test_id: string }
    expect(() => events.encode('test.started', wrong, { at })).toThrow(/test\.started: test_id: /)
    const read = events.decode({ event_type: 'test.started', timestamp: '2026-01-01T00:00:00Z', data: { test_id: 7 } })
    expect(read).toMatchObject({ ok: false, error: { path: 'test_id' } })
  })

  it.each([
    [{ event_type: 'other', timestamp: '2026-01-01T00:00:00Z', data: {} }, 'event_type'],
    [{ event_type: 'toString', timestamp: '2026-01-01T00:00:00Z', data: {} }, 'event_type'],
    [{ event_type: 'note', timestamp: 'today', data: {} }, 'timestamp'],
    [null, ''],
    ['x', ''],
  ])('refuses %j', (value, path) => expect(events.decode(value)).toMatchObject({ ok: false, error: { path } }))

  it('says so where a schema answers by promise or throws', () => {
    const slow = { '~standard': { version: 1 as const, vendor: 'x', validate: async () => ({ value: 1 }) } }
    const broken = {
      '~standard': {
        version: 1 as const,
        vendor: 'x',
        validate: () => {
          throw new Error('odd')
        },
      },
    }
    const odd = defineEvents({ slow, broken })
    const envelope = { timestamp: '2026-01-01T00:00:00Z', data: 1 }
    expect(odd.decode({ ...envelope, event_type: 'slow' })).toMatchObject({ ok: false, error: { reason: /promise/ } })
    expect(odd.decode({ ...envelope, event_type: 'broken' })).toMatchObject({
      ok: false,
      error: { reason: 'cannot be read' },
    })
  })

  it('refuses a name that the envelope cannot carry', () => {
    expect(() => defineEvents({ ['x'.repeat(51)]: type<string>() })).toThrow(TypeError)
  })
})
