// The recipes, and what the README promises of them: each is in its table, short enough to be read at once, and tested.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const recipes = readdirSync(join(ROOT, 'examples')).filter((name) => name !== 'import-demo')
const LINES = 40

it('issue 5: the README has all recipes in its table, and no others', () => {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const listed = [...page.matchAll(/^\| \[([\w-]+)\]\(examples\/([\w-]+)\) \|/gm)].map(([, name, folder]) => {
    expect(name).toBe(folder)
    return name
  })
  expect(listed.toSorted()).toEqual(recipes.toSorted())
})

describe.each(recipes)('issue 5: the recipe %s', (name) => {
  const folder = join(ROOT, 'examples', name)

  it(`has files of less than ${LINES} lines`, () => {
    const files = readdirSync(folder).filter((file) => /\.(tsx?|js|html)$/.test(file))
    const long = files.filter((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length >= LINES)
    expect(files.length).toBeGreaterThan(0)
    expect(long).toEqual([])
  })

  it('is started by a test', () => {
    const tests = existsSync(join(folder, 'test')) ? readdirSync(join(folder, 'test')) : []
    const starting = tests.filter((file) =>
      readFileSync(join(folder, 'test', file), 'utf8').includes(`Recipe.start('${name}'`),
    )
    expect(starting).not.toEqual([])
  })
})
