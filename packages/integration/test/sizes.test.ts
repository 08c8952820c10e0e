// The figures of the client's page are the bounds that the gate holds.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Bound {
  readonly name: string
  readonly limit: string
}

it('the README says the sizes that are bounded', async () => {
  const { default: bounds } = (await import(new URL('../../../.size-limit.mjs', import.meta.url).href)) as {
    default: readonly Bound[]
  }
  const page = readFileSync(new URL('../../client/README.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (.+) \| ([\d.]+ kB) \|$/gm)].map(([, name = '', limit]) => ({
    name: name.replaceAll('`', ''),
    limit,
  }))
  const ofClient = bounds.filter(({ name }) => !name.includes('/wire'))
  expect(rows).toEqual(ofClient.map(({ name, limit }) => ({ name, limit })))
  expect(rows.length).toBeGreaterThan(2)
})
