import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SignedEnvelope, signedBytes } from './envelope'

describe('a signed message', () => {
  // S3-17
  it('signs payload, timestamp and nonce, in bytes that do not depend on the order of its fields', () => {
    const nonce = randomBytes(16).toString('base64')
    const message = { payload: '{"a":"ü"}', timestamp: 1, nonce }
    expect(new TextDecoder().decode(signedBytes(message))).toBe(
      `{"payload":"{\\"a\\":\\"ü\\"}","timestamp":1,"nonce":"${nonce}"}`,
    )
    expect(signedBytes({ nonce, timestamp: 1, payload: '{"a":"ü"}' })).toEqual(signedBytes(message))
    const signature = createHmac('sha256', randomBytes(32)).update(signedBytes(message)).digest('base64')
    expect(SignedEnvelope.safeParse({ ...message, signature }).success).toBe(true)
  })

  it.each([{ signature: 'short' }, { nonce: '' }, { timestamp: -1 }, { payload: {} }])(
    'is refused with %j',
    (wrong) => {
      const good = { payload: '{}', timestamp: 1, nonce: `${'A'.repeat(22)}==`, signature: `${'A'.repeat(43)}=` }
      expect(SignedEnvelope.safeParse(good).success).toBe(true)
      expect(SignedEnvelope.safeParse({ ...good, ...wrong }).success).toBe(false)
    },
  )
})
