// What people copy stays short, and knows nothing of the demo's tricks.
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

it.each(['server.ts', 'plain.ts', 'react.tsx'])('%s has fewer than 80 lines, and no trick in it', async (name) => {
  const text = await readFile(new URL(`../${name}`, import.meta.url), 'utf8')
  expect(text.split('\n').length).toBeLessThan(80)
  expect(text).not.toMatch(/trick|demo|pace/i)
})
