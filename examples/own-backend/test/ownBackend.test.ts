// The recipe by its own command, and its facts one by one: the good backend keeps them, the forgetful one is caught.
import { Recipe } from '@progress/integration/support/recipe'
import { describe, expect, it } from 'vitest'
import { suites } from '../suites'
import { writeBehind } from '../writeBehind'

describe('a backend of one’s own', () => {
  for (const { name, run } of suites(writeBehind)) it(name, run)
})

describe('issue 6, must show 3: own-backend', () => {
  it('shows that the good one keeps all facts, and which facts catch the one that forgets', async () => {
    await using recipe = Recipe.start('own-backend')
    const { code, output } = await recipe.ended()
    expect(output).toMatch(/^writeBehind: \d\d facts hold$/m)
    expect(output).not.toMatch(/^writeBehind: '/m)
    expect(output).toMatch(
      /^forgetful: 'what flush\(\) answered for is there after a crash' does not hold\n {2}flush: /m,
    )
    expect(code).toBe(0)
  })
})
