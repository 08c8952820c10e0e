import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { systemClock } from './clock'

describe('systemClock', () => {
  it('tells the time and runs once what was asked for', async () => {
    const before = Date.now()
    await new Promise<void>((resolve) => {
      const hold = setTimeout(() => {}, 5_000) // its own timers hold no process open, nor this test
      systemClock.after(5, () => {
        clearTimeout(hold)
        resolve()
      })
    })
    expect(systemClock.now()).toBeGreaterThanOrEqual(before)
  })

  it('holds no process open', () => {
    const program = `import { systemClock } from ${JSON.stringify(new URL('./clock.ts', import.meta.url).href)}
      systemClock.after(60_000, () => {})`
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { timeout: 10_000 })
  })
})
