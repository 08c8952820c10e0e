// Rule 6: what no source does.
import { describe, expect, it } from 'vitest'
import { brokenBy, catches, HOUSE } from './house'

const file = 'packages/server/src/extra.ts'

describe('rule 6: console, clock and chance', () => {
  catches(6, {
    console: [file, 'export const a = () => console.error(1)'],
    'console in the client': ['packages/client/src/sessions/extra.ts', 'export const a = () => console.debug(1)'],
    'all of console where debugging prints': ['packages/client/src/debug.ts', 'export const a = console'],
    'an error where debugging prints': ['packages/client/src/debug.ts', 'export const a = () => console.error(1)'],
    'chance elsewhere in the client': ['packages/client/src/connection/extra.ts', 'export const a = Math.random'],
    'console where parts are joined': ['packages/client/src/client.ts', 'export const a = () => console.log(1)'],
    'Date.now': [file, 'export const a = () => Date.now()'],
    'Date.now as a value': [file, 'export const a = (now = Date.now) => now()'],
    'Date.now, taken out': [file, 'const { now } = Date'],
    'new Date()': [file, '\nexport const a = () => new Date()', 2],
    'new Date without brackets': [file, 'export const a = () => new Date'],
    'new globalThis.Date()': [file, 'export const a = () => new globalThis.Date()'],
    'Date()': [file, 'export const a = () => Date()'],
    'Math.random': [file, 'export const a = () => Math.random()'],
    setTimeout: [file, 'export const a = () => setTimeout(b, 1)'],
    'setTimeout of globalThis': [file, 'export const a = () => globalThis.setTimeout(b, 1)'],
    setInterval: [file, 'export const a = () => setInterval(b, 1)'],
    'AbortSignal.timeout': [file, 'export const a = () => AbortSignal.timeout(1)'],
    'performance.now': [file, 'export const a = () => performance.now()'],
    'process.hrtime.bigint': [file, 'export const a = () => process.hrtime.bigint()'],
    'timers by import': [file, "import { setTimeout } from 'node:timers/promises'"],
    'a timer in an element': ['packages/client/src/elements/extra.ts', 'export const a = () => setTimeout(b, 1)'],
    'chance in the clock': ['packages/protocol/src/clock.ts', 'export const systemClock = () => Math.random()'],
    'the clock in another file of protocol': ['packages/protocol/src/extra.ts', 'export const a = () => Date.now()'],
  })

  it('rule 6: lets through what is printed for whoever asked, and where jitter comes from', () => {
    expect(
      brokenBy({
        'packages/client/src/debug.ts': 'export const a = () => console.debug(1)',
        'packages/client/src/client.ts': 'export const a = { random: Math.random }',
      }),
    ).toEqual([])
  })

  it('rule 6: lets through a given time, unguessable ids, and names of its own', () => {
    const text = `
      import { randomUUID } from 'node:crypto'
      import type { Timeout } from 'node:timers'
      export const at = (ms: number, x: unknown) => x instanceof Date ? Date.parse('a') : new Date(ms)
      export const id = () => randomUUID() + crypto.randomUUID()
      export function wait(setTimeout: (ms: number) => void, console: { log(): void }) { setTimeout(1); console.log() }
      export const quiet = { console: 1, setTimeout() {} }`
    expect(brokenBy({ [file]: text })).toEqual([])
  })
})

describe('rule 6: module state', () => {
  catches(6, {
    let: [file, 'let count = 0'],
    'an exported let': [file, '\nexport let count = 0', 2],
    var: [file, 'var count = 0'],
    'a Map': [file, 'const sessions = new Map<string, number>()'],
    'a Set': [file, 'export const ids = new Set()'],
    'a WeakMap': [file, 'const seen = new WeakMap<object, string>()'],
    'a frozen Map, which is not frozen': [file, 'const sessions = Object.freeze(new Map())'],
    'a Map in an object': [file, 'const state = Object.freeze({ sessions: new Map() })'],
    'an Array': [file, 'const list = new Array<string>(3)'],
    'an emitter': [file, "import EventEmitter from 'eventemitter3'\nconst bus = new EventEmitter()", 2],
    'a list that grows': [file, 'const list: string[] = []\nexport const add = (a: string) => list.push(a)'],
    'an object that is written to': [file, 'const cache = {}\nexport const put = (a: string) => { cache[a] = 1 }'],
    'a member that counts': [file, 'const state = { count: 0 }\nexport const next = () => state.count++'],
    'an object that is laid over': [
      file,
      'const state = {}\nexport const put = (a: object) => Object.assign(state, a)',
    ],
    'an object that loses members': [file, 'const state = { a: 1 }\nexport const drop = () => delete state.a'],
    'a static counter': [file, 'export class A {\n  static count = 0\n}', 2],
    'a static Map': [file, 'export class A {\n  static readonly all = new Map()\n}', 2],
  })

  it('rule 6: lets through what cannot change, and what is made in a function', () => {
    const text = `
      import * as z from 'zod'
      declare let injected: string
      const schema = z.object({ a: z.array(z.string()) })
      const pattern = new RegExp('a')
      const mark = Symbol('mark')
      const names = ['a', 'b'] as const
      const table = { a: 1 }
      const known = new Map([['a', 1]]) as ReadonlyMap<string, number>
      const list = Object.freeze(new Array(3))
      export const create = () => { const all = new Map(); let n = 0; const list = []; list.push(n); return all }
      export class A { readonly all = new Set(); static readonly names = names; static make() { return new A() } }`
    expect(brokenBy({ [file]: text })).toEqual([])
  })
})

describe('rule 6: work at import time', () => {
  const manifest = 'packages/client/package.json'
  const withoutList = (HOUSE[manifest] ?? '').replace('["./dist/elements/global.js"]', 'false')
  catches(6, {
    'a call': [file, "export const a = () => 1\nregister('a')", 2],
    'a bare import': [file, "import './serve'"],
    'an if': [file, "if (typeof window === 'undefined') start()"],
    'a loop': [file, '\nfor (const a of [1]) start(a)', 2],
    'an await': [file, "export const a = await import('./serve')"],
    'a static block': [file, 'export class A {\n  static {}\n}', 2],
    'an assignment': [file, "import { A } from './a'\nA.b = 1", 2],
  })

  it('rule 6: catches work in a file that `sideEffects` does not list', () => {
    expect(brokenBy({ [manifest]: withoutList })).toEqual(['6 packages/client/src/elements/global.ts:2'])
  })

  it('rule 6: takes the path of the source for an entry of `sideEffects`, too', () => {
    const bySource = withoutList.replace('"sideEffects":false', '"sideEffects":["./src/elements/global.ts"]')
    expect(brokenBy({ [manifest]: bySource })).toEqual([])
  })

  it('rule 6: catches a package that says nothing of side effects', () => {
    const unsaid = withoutList.replace('"sideEffects":false,', '')
    expect(brokenBy({ [manifest]: unsaid })[0]).toBe(`6 ${manifest}:1`)
  })
})
