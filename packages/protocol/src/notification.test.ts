import { describe, expect, it } from 'vitest'
import { Notification, PRIORITIES } from './notification'

const notification = {
  id: crypto.randomUUID(),
  type: 'system.alert',
  priority: 'critical',
  message: 'The disk is full',
  createdAt: 1,
}

describe('Notification', () => {
  // S2-28, S2-29, S2-30, S2-43
  it('has an id, a priority, an end and a key of its own', () => {
    const full = { ...notification, expiresAt: 2, dedupeKey: 'disk', data: { free: 0 } }
    expect(Notification.parse(full)).toEqual(full)
    expect(PRIORITIES.indexOf('low')).toBeLessThan(PRIORITIES.indexOf('critical'))
  })

  it.each([{ id: 'x' }, { priority: 'urgent' }, { type: '' }, { expiresAt: '2026' }])('is refused with %j', (wrong) => {
    expect(Notification.safeParse({ ...notification, ...wrong }).success).toBe(false)
  })
})
