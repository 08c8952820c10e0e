// The recipe by its own command: what a worker reports is seen by a viewer while its thread is busy, and it can be stopped.
import { Recipe } from '@progress/integration/support/recipe'
import { describe, expect, it } from 'vitest'

describe('issue 5, 4: worker-threads', () => {
  it('shows what the worker reports, its result, and ends by itself', async () => {
    await using recipe = Recipe.start('worker-threads')
    const { code, output } = await recipe.ended()
    expect(output.match(/^\d+ % \d+ primes so far$/gm)?.length).toBeGreaterThan(3)
    expect(output.trim().split('\n').at(-1)).toBe('348513 primes')
    expect(code).toBe(0)
  })

  it('stops the worker when somebody cancels', async () => {
    await using recipe = Recipe.start('worker-threads', ['--cancel'])
    const { code, output } = await recipe.ended()
    expect(output.trim().split('\n').at(-1)).toBe('cancelled')
    expect(code).toBe(0)
  })
})
