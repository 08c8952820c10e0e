import { describe, expect, it } from 'vitest'
import { recorded } from '../recorder.test-support'
import { logSignals } from './logger'
import type { Signal } from './signals'

function lines() {
  const written: { level: string; fields: object; text: string }[] = []
  const write = (level: string) => (fields: object, text: string) => void written.push({ level, fields, text })
  return { written, logger: { info: write('info'), warn: write('warn'), error: write('error') } }
}

const CANARY = 'evil\r\n\u001b[31m\u202e{"level":"error"}'

describe('a logger', () => {
  it.each<Signal>([
    { name: 'made', sessionId: CANARY, operation: CANARY },
    { name: 'ended', sessionId: CANARY, operation: CANARY, status: 'error', duration: 5, code: CANARY },
    { name: 'job-failed', sessionId: CANARY, reference: 'r', cause: new Error(CANARY) },
    { name: 'dropped', sessionId: CANARY, reason: CANARY },
    { name: 'joined', sessionId: CANARY, userId: CANARY },
    { name: 'refused', code: 'NOT_FOUND', reason: CANARY },
    { name: 'slow', userId: CANARY, bytes: 5, disconnected: true },
    { name: 'handler-failed', where: 'fact', cause: CANARY },
    { name: 'store-failed', where: 'put', cause: CANARY },
  ])('57, 85: writes $name as one line with fields; nothing from outside is in its text', (signal) => {
    const { written, logger } = lines()
    logSignals(logger)(signal)
    const { name, ...fields } = signal
    expect(written).toEqual([{ level: expect.any(String), fields, text: `progress: ${name}` }])
  })

  it('writes nothing of the changes that come ten times a second', () => {
    const { written, logger } = lines()
    logSignals(logger)({ name: 'changed', sessionId: 'one', revision: 2 })
    logSignals(logger)({ name: 'of a newer version' } as never)
    expect(written).toEqual([])
  })

  it('86: hears a tracker, and writes nothing of what its job says', async () => {
    const { written, logger } = lines()
    const { tracker } = recorded({ logger })
    const id = tracker.createSession({ operation: CANARY, secret: 'canary' })
    tracker.updateProgress(id, 5, CANARY)
    tracker.updateProgress(id, Number.NaN)
    tracker.errorSession(id, CANARY, { code: 'PARSE_ERROR', path: '/etc/passwd' })
    expect(written.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'progress: made'],
      ['warn', 'progress: dropped'],
      ['info', 'progress: ended'],
    ])
    expect(JSON.stringify(written)).not.toMatch(/canary|passwd/)
  })

  it('34: that throws costs the job nothing', () => {
    const full = () => {
      throw new Error('ENOSPC')
    }
    const { tracker } = recorded({ logger: { info: full, warn: full, error: full } })
    const id = tracker.createSession()
    expect([tracker.updateProgress(id, 5), tracker.completeSession(id)]).toEqual([true, true])
  })
})
