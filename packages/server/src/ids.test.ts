import { expect, it } from 'vitest'
import { ProgressTracker } from './progressTracker'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

// S0-18
it('78: makes 1,000,000 ids of 122 random bits, none of them twice and none by the time of day', async () => {
  const ids = new Set<string>()
  const bits = new Array<number>(128).fill(0)
  for (let round = 0; round < 10; round++) {
    const tracker = new ProgressTracker()
    for (let n = 0; n < 100_000; n++) {
      const id = tracker.createSession()
      ids.add(id)
      if (n >= 2_000) continue
      expect(id).toMatch(UUID_V4)
      const hex = id.replaceAll('-', '')
      for (let bit = 0; bit < 128; bit++) {
        const digit = Number.parseInt(hex.charAt(bit >> 2), 16)
        if (digit & (8 >> (bit & 3))) bits[bit] = (bits[bit] ?? 0) + 1
      }
    }
    await tracker.close()
  }
  expect(ids.size).toBe(1_000_000)
  // Version and variant are fixed; each of the others is set in about half of the 20,000 that were looked at.
  const free = bits.filter((count) => count > 9_000 && count < 11_000)
  expect(free).toHaveLength(122)
}, 60_000)
