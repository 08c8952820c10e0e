import { LIMITS } from '@progress/protocol'
import { describe, expect, it } from 'vitest'
import { LogRing } from './logRing'

function ring(lines: number, from = new LogRing()) {
  for (let line = 0; line < lines; line++) from.add(`line ${line}`, 'info', line)
  return from
}
const numbers = ({ lines }: ReturnType<LogRing['after']>) => lines.map(({ line }) => line)

describe('LogRing', () => {
  it('numbers its lines from 0, and cuts long ones', () => {
    const log = new LogRing()
    log.add('x'.repeat(600), 'warn', 7)
    expect(log.after(-1)).toEqual({ lines: [{ line: 0, text: 'x'.repeat(500), level: 'warn', at: 7 }], gap: 0 })
  })

  it('keeps the last 200, and says how many are gone', () => {
    for (const count of [200, 201, 399, 400, 401, 1_000, 4_321]) {
      const log = ring(count)
      const { lines, gap } = log.after(-1)
      expect([lines.length, gap]).toEqual([LIMITS.logLines, count - LIMITS.logLines])
      expect(lines.at(-1)?.line).toBe(count - 1)
    }
  })

  it('goes on after the line that somebody has', () => {
    const log = ring(250)
    expect(numbers(log.after(247))).toEqual([248, 249])
    expect(log.after(249)).toEqual({ lines: [], gap: 0 })
    expect(log.after(9_999)).toEqual({ lines: [], gap: 0 })
    expect(log.after(20)).toMatchObject({ gap: 29 })
    expect(log.after(-7)).toMatchObject({ gap: 50 })
  })

  it('tells each line once', () => {
    const log = ring(3)
    expect(log.hasUntold).toBe(true)
    expect(numbers(log.untold())).toEqual([0, 1, 2])
    expect([log.hasUntold, numbers(log.untold())]).toEqual([false, []])
    ring(1, log)
    expect(numbers(log.untold())).toEqual([3])
    ring(300, log)
    expect(log.untold()).toMatchObject({ gap: 100 })
  })

  it('goes on where an earlier process has stopped', () => {
    const log = new LogRing(ring(250).after(-1).lines)
    expect(log.hasUntold).toBe(false)
    ring(1, log)
    expect(numbers(log.untold())).toEqual([250])
    expect(log.after(-1)).toMatchObject({ gap: 51 })
  })
})
