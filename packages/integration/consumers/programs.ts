// The programs that a consumer runs: the same body, once as an ES module and once as CommonJS.
import { NEEDS, USES } from './uses'

/** File names of the programs that `loadPrograms` gives, in the order to run them. */
export const PROGRAMS = { ESM: 'load.mjs', CJS: 'load.cjs' } as const

const HEAD = {
  ESM: `import assert from 'node:assert/strict'\nconst load = (name) => import(name)`,
  CJS: `const assert = require('node:assert/strict')\nconst load = async (name) => require(name)`,
}

/**
 * Programs that load each entry and use it, and find one copy of each class across all entries. Where peers are absent,
 * an entry that needs one has to say so by the name of the peer, and all others have to load.
 */
export function loadPrograms(entries: readonly string[], peers: 'present' | 'absent'): Record<string, string> {
  const absent = (entry: string): boolean => peers === 'absent' && entry in NEEDS
  const usable = entries.filter((entry) => !absent(entry))
  const body = `
const uses = {
${usable.map((entry) => `  '${entry}': (m) => ${USES[entry]},`).join('\n')}
}
const needs = ${JSON.stringify(Object.fromEntries(entries.filter(absent).map((entry) => [entry, NEEDS[entry]])))}

async function main() {
  const classes = new Map()
  for (const [name, use] of Object.entries(uses)) {
    const m = await load(name)
    assert.ok(await use(m), 'does not do what uses.ts says: ' + name)
    for (const [key, value] of Object.entries(m)) {
      if (typeof value !== 'function' || !String(value).startsWith('class')) continue
      const first = classes.get(key) ?? { name, value, times: 0 }
      assert.ok(first.value === value, 'two copies of ' + key + ': in ' + first.name + ' and in ' + name)
      classes.set(key, { ...first, times: first.times + 1 })
    }
  }
  assert.ok(classes.get('ProgressError')?.times >= 2, 'ProgressError is a class in two entries or more')
  for (const [name, peer] of Object.entries(needs)) {
    await assert.rejects(load(name), (error) => /MODULE_NOT_FOUND/.test(error.code) && error.message.includes(peer))
  }
}

main().catch((error) => {
  process.stderr.write(error.stack + '\\n')
  process.exitCode = 1
})
`
  return { [PROGRAMS.ESM]: HEAD.ESM + body, [PROGRAMS.CJS]: HEAD.CJS + body }
}
