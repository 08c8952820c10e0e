import { expect, it } from 'vitest'
import { decode } from './decode'
import { messageNames } from './messages'
import { buildMessage } from './testing'

it('reads each message in a real browser', () => {
  for (const name of messageNames)
    expect(decode(name, buildMessage(name))).toEqual({ ok: true, value: buildMessage(name) })
  expect(decode('progress-update', { status: 'active' }).ok).toBe(false)
})
