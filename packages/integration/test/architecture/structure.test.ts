// Rules 2 and 5: what the pure files may touch, and in which direction files depend on each other.
import { describe, expect, it } from 'vitest'
import { brokenBy, catches } from './house'

describe('rule 2: pure files', () => {
  const session = 'packages/server/src/tracker/session.ts'
  const view = 'packages/client/src/sessions/view.ts'
  const machine = 'packages/client/src/connection/machine.ts'
  const backoff = 'packages/client/src/connection/backoff.ts'
  catches(2, {
    'a library': [session, "import EventEmitter from 'eventemitter3'"],
    'a value of a file beside it that is not pure': [machine, "import { Line } from './line'"],
    'a namesake of a pure file elsewhere': [machine, "import { soon } from '../backoff'"],
    'the clock of protocol': [view, "import { systemClock } from '@progress/protocol/wire'"],
    setImmediate: [session, 'export const a = () => setImmediate(b)'],
    queueMicrotask: [machine, 'export const a = () => queueMicrotask(b)'],
    'a Date, even of a known time': [view, 'export const a = (at: number) => new Date(at)'],
    'Date.UTC under another name': [view, 'const { UTC } = Date'],
    'crypto of the platform': [session, 'export const id = () => crypto.randomUUID()'],
    'fetch, through globalThis': [view, '\n\nexport const a = () => globalThis.fetch(b)', 3],
    'fetch, in brackets': [view, "export const a = () => globalThis['fetch'](b)"],
    process: [session, "export const a = () => process.env['A']"],
    WebSocket: [machine, 'export const a = () => new WebSocket(b)'],
    XMLHttpRequest: [machine, 'export const a = () => new XMLHttpRequest()'],
    localStorage: [view, 'export const a = () => localStorage.length'],
    document: [view, "export const a = () => typeof document === 'undefined'"],
    'something of the window': [backoff, 'export const a = () => window.location'],
    'a global that has a namesake in another function': [
      backoff,
      'export const a = (fetch: () => void) => fetch()\nexport const b = () => fetch(c)',
      2,
    ],
  })

  it('rule 2: lets through a value of another pure file', () => {
    expect(brokenBy({ [machine]: "import { soon } from './backoff'" })).toEqual([])
  })

  it('rule 2: catches what rule 6 forbids everywhere', () => {
    for (const use of ['Math.random()', 'Date.now()', 'setTimeout(b, 1)', 'setInterval(b, 1)', 'console.log(1)']) {
      const places = [`2 ${backoff}:1`, `6 ${backoff}:1`]
      expect(brokenBy({ [backoff]: `export const a = () => ${use}` })).toEqual(places)
    }
  })

  it('rule 2: misses a pure file that was renamed', () => {
    expect(brokenBy({ [view]: null })).toEqual(['2 packages/client/src/client.ts:1'])
  })
})

describe('rule 5: react', () => {
  const file = 'packages/client/src/react/extra.ts'
  catches(5, {
    'an inside of the client': [file, "import { view } from '../sessions/view'"],
    'a type of an inside': [file, "import type { WebSocketClient } from '../client'"],
  })
})

describe('rule 5: doors', () => {
  const server = 'packages/server/src/extra.ts'
  catches(5, {
    'a deep import by name': [server, "import { clock } from '@progress/protocol/src/clock'"],
    'a deep import in a test': [
      'packages/server/src/extra.test.ts',
      "import { clock } from '@progress/protocol/clock'",
    ],
    'a deep import in integration': [
      'packages/integration/test/extra.test.ts',
      "import { a } from '@progress/server/tracker'",
    ],
    'a deep import in an example': [
      'examples/import-demo/job.ts',
      "import { a } from '@progress/server/dist/index.js'",
    ],
    'a package that is not there': [server, "import { a } from '@progress/common'"],
    'a relative path into another package': [server, "import { Snapshot } from '../../protocol/src/index'"],
    'source with a kit for tests': ['packages/protocol/src/extra.ts', "import { anyId } from './snapshot.test-kit'"],
    'a relative path to the root': ['packages/client/tsup.config.ts', "import config from '../../vitest.config'"],
  })

  it('rule 5: every package may ask its own and other package.json files that are exported', () => {
    const exports = JSON.stringify({
      name: '@progress/protocol',
      sideEffects: false,
      exports: { './package.json': './package.json' },
    })
    const files = {
      'packages/protocol/package.json': exports,
      [server]: "import a from '@progress/protocol/package.json'",
    }
    expect(brokenBy(files).filter((place) => place.includes(server))).toEqual([])
  })
})

describe('rule 5: cycles', () => {
  const a = 'packages/server/src/a.ts'
  const b = 'packages/server/src/b.ts'

  it('rule 5: catches two files that import each other, once', () => {
    expect(brokenBy({ [a]: "import { b } from './b'", [b]: "\nimport { a } from './a'" })).toEqual([`5 ${a}:1`])
  })

  it('rule 5: catches a cycle of type imports', () => {
    expect(brokenBy({ [a]: "import type { b } from './b'", [b]: "export type A = import('./a').A" })).toEqual([
      `5 ${a}:1`,
    ])
  })

  it('rule 5: catches a cycle through a third file, and not the files that only lead to it', () => {
    const lead = 'packages/server/src/0.ts'
    const c = 'packages/server/src/c/index.ts'
    const files = {
      [lead]: "import './a.js'; export const x = 1",
      [a]: "export * from './b'",
      [b]: "export * from './c'",
      [c]: "export * from '../a'",
    }
    expect(brokenBy(files)).toEqual([`5 ${a}:1`, `6 ${lead}:1`])
  })

  it('rule 5: catches a cycle through the own name of a package', () => {
    expect(brokenBy({ 'packages/server/src/defaults.ts': "import { serveProgress } from '@progress/server'" })).toEqual(
      ['5 packages/server/src/defaults.ts:1'],
    )
  })

  catches(5, { 'a file that imports itself': [a, "import type { A } from './a'"] })
})
