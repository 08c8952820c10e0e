// A legal repository in miniature, in the shape of the real one, and what the rules say once a file of it is changed.
import { expect, it } from 'vitest'
import { violationsOf } from '../../architecture/check'
import { parseTree, type Texts } from '../../architecture/tree'

const PACKAGES: Texts = {
  'packages/protocol/package.json': manifest('@progress/protocol', {
    '.': 'index.ts',
    './wire': 'wire.ts',
    './testing': 'testing/index.ts',
  }),
  'packages/server/package.json': manifest('@progress/server', {
    '.': 'index.ts',
    './redis': 'redis/index.ts',
    './testing': 'testing/index.ts',
    './conformance': 'conformance/index.ts',
  }),
  'packages/client/package.json': manifest(
    '@progress/client',
    { '.': 'index.ts', './react': 'react/index.ts', './elements/global': 'elements/global.ts' },
    ['./dist/elements/global.js'],
  ),
  'packages/integration/package.json': '{ "name": "@progress/integration", "private": true }',
  'examples/import-demo/package.json': '{ "name": "import-demo", "private": true }',
}

const PROTOCOL: Texts = {
  'packages/protocol/src/index.ts': "export { Snapshot } from './snapshot'\nexport { systemClock } from './wire'",
  'packages/protocol/src/wire.ts':
    "export { type Clock, systemClock } from './clock'\nexport type { Snapshot } from './snapshot'",
  'packages/protocol/src/clock.ts': `
    export interface Clock { now(): number }
    export const systemClock = Object.freeze({ now: () => Date.now(), after: (ms, run) => setTimeout(run, ms) })`,
  'packages/protocol/src/snapshot.ts': `
    import * as z from 'zod'
    const encoder = new TextEncoder()
    const words: readonly string[] = ['health']
    const base = { id: z.string().regex(/a/) }
    export const known: ReadonlySet<string> = new Set(words)
    export const Snapshot = z.object(base).meta({ id: 'Snapshot' })
    export const bytes = (text: string) => encoder.encode(text)
    export const iso = (at: number) => new Date(at).toISOString()`,
  'packages/protocol/src/snapshot.test.ts':
    "import { Server } from 'socket.io'\nimport { anyId } from './snapshot.test-kit'\nlet port = Date.now()",
  'packages/protocol/src/snapshot.test-kit.ts': "import fc from 'fast-check'\nexport const anyId = fc.string()",
  'packages/protocol/src/testing/index.ts': "export { Snapshot } from '../snapshot'",
  'packages/protocol/src/cli/index.ts': "import { argv } from 'node:process'\nimport './run'\nawait main(argv)",
  'packages/protocol/src/cli/run.ts':
    "import { readFile } from 'node:fs/promises'\nexport const run = () => readFile('a')",
}

const SERVER: Texts = {
  'packages/server/src/index.ts':
    "export { serveProgress } from './serve'\nexport { room } from './socket/rooms'\nexport { poll } from './http/poll'",
  'packages/server/src/defaults.ts': 'export const DEFAULTS = Object.freeze({ throttleMs: 100 })',
  'packages/server/src/serve.ts': `
    import type { Server } from 'socket.io'
    import { createMemory } from './backend/memory'
    import { rateLimit } from './guards/rateLimit'
    import { poll } from './http/poll'
    import { createQueue } from './notify/queue'
    import { room } from './socket/rooms'
    import { Tracker } from './tracker/tracker'
    export function serveProgress(io: Server) {}`,
  'packages/server/src/tracker/session.ts': `
    import { clamp, type Snapshot } from '@progress/protocol'
    import type { Signals } from '../observe/signals'
    export function advance(session: { at: Date; process: string }, document: Snapshot, fetch: ReturnType<typeof setTimeout>) {
      const { console } = session
      return { process: document.process, console, fetch, max: Math.max(session.Date, 1) }
    }`,
  'packages/server/src/tracker/tracker.ts': `
    import { randomUUID } from 'node:crypto'
    import EventEmitter from 'eventemitter3'
    import type { Backend } from '../backend/contract'
    import { DEFAULTS } from '../defaults'
    import type { Signals } from '../observe/signals'
    import { advance } from './session'
    export class Tracker extends EventEmitter { readonly sessions = new Map(); static readonly version = 1 }`,
  'packages/server/src/tracker/ambient.ts':
    "import { AsyncLocalStorage } from 'node:async_hooks'\nexport const ambient = new AsyncLocalStorage<object>()",
  'packages/server/src/backend/contract.ts': 'export interface Backend { put(): void }',
  'packages/server/src/backend/memory.ts':
    "import type { Backend } from './contract'\nexport const createMemory = (): Backend => ({ map: new Map(), put() {} })",
  'packages/server/src/socket/rooms.ts':
    "import type { Socket } from 'socket.io'\nexport const room = (id: string) => id",
  'packages/server/src/auth/handshake.ts': "import type { Server } from 'socket.io'\nexport const handshake = 1",
  'packages/server/src/http/poll.ts': "import { request } from 'node:http'\nexport const poll = () => request",
  'packages/server/src/guards/ledger.ts': 'export interface Ledger { hit(): void }',
  'packages/server/src/guards/rateLimit.ts': "import type { Ledger } from './ledger'\nexport const rateLimit = 1",
  'packages/server/src/notify/queue.ts': 'export interface Queue { add(): void }\nexport const createQueue = () => 1',
  'packages/server/src/observe/signals.ts': 'export interface Signals { emit(): void }',
  'packages/server/src/redis/index.ts': `
    import type { Ledger } from '../guards/ledger'
    import type { Queue } from '../notify/queue'
    export interface RedisLike { get(key: string): Promise<string | null> }`,
  'packages/server/src/testing/index.ts': "export { room } from '../socket/rooms'\nexport { poll } from '../http/poll'",
  'packages/server/src/conformance/index.ts':
    "import { createQueue } from '../notify/queue'\nimport { rateLimit } from '../guards/rateLimit'\nexport const suites = () => [createQueue, rateLimit]",
}

const CLIENT: Texts = {
  'packages/client/src/index.ts': "export { WebSocketClient } from './client'",
  'packages/client/src/client.ts':
    "import { systemClock } from '@progress/protocol/wire'\nimport { socket } from './transport/socket'\nexport class WebSocketClient {}",
  'packages/client/src/connection/machine.ts':
    "import type { Clock } from '@progress/protocol/wire'\nexport const step = 1",
  'packages/client/src/connection/backoff.ts':
    'export const delayMs = (attempt: number, chance: number) => attempt * chance',
  'packages/client/src/connection/driver.ts': "import { step } from './machine'\nexport const drive = () => fetch('/')",
  'packages/client/src/sessions/view.ts': "import { isEnd } from '@progress/protocol/wire'\nexport const view = isEnd",
  'packages/client/src/transport/socket.ts': "import { io } from 'socket.io-client'\nexport const socket = () => io()",
  'packages/client/src/react/index.ts': "'use client'\nexport { useProgress } from './useProgress'",
  'packages/client/src/react/useProgress.ts':
    "'use client'\nimport { useSyncExternalStore } from 'react'\nimport { WebSocketClient } from '../index'\nexport const useProgress = 1",
  'packages/client/src/react/ProgressProvider.tsx': 'export const ProgressProvider = () => <div />',
  'packages/client/src/elements/bar.ts': 'export const shownAt = () => new Intl.DateTimeFormat().format(new Date())',
  'packages/client/src/elements/global.ts':
    "import { shownAt } from './bar'\ncustomElements.define('progress-bar', shownAt())",
}

const OUTSIDE: Texts = {
  'packages/integration/test/join.test.ts':
    "import { WebSocketClient } from '@progress/client'\nimport { serveProgress } from '@progress/server'\nimport { room } from '@progress/server/testing'",
  'examples/import-demo/server.ts':
    "import express from 'express'\nimport { createClient } from 'redis'\nimport { serveProgress } from '@progress/server'\nconsole.log(1)",
  'examples/import-demo/client/main.tsx':
    "import { useProgress } from '@progress/client/react'\nexport const Page = () => <p />",
}

/** A whole repository that breaks no rule. */
export const HOUSE: Texts = { ...PACKAGES, ...PROTOCOL, ...SERVER, ...CLIENT, ...OUTSIDE }

/** The house with these files laid over it -> `rule file:line`, of all rules. A file that is `null` is taken away. */
export function brokenBy(files: Readonly<Record<string, string | null>>): string[] {
  const laid = Object.entries({ ...HOUSE, ...files })
  const texts = Object.fromEntries(laid.filter((entry): entry is [string, string] => entry[1] !== null))
  return violationsOf(parseTree(texts)).map(({ rule, file, line }) => `${rule} ${file}:${line}`)
}

/** What a twin does wrong -> its path and text, and the line in which that is caught. */
export type Twins = Readonly<Record<string, readonly [path: string, text: string, line?: number]>>

/** One test for each twin: laid over the house it is caught in its line, by this rule only, and nothing else is. */
export function catches(rule: number, twins: Twins): void {
  for (const [wrong, [path, text, line = 1]] of Object.entries(twins)) {
    it(`rule ${rule}: catches ${wrong}`, () => {
      expect(brokenBy({ [path]: text })).toEqual([`${rule} ${path}:${line}`])
    })
  }
}

function manifest(name: string, sources: Readonly<Record<string, string>>, sideEffects: unknown = false): string {
  const exports = Object.entries(sources).map(([subpath, source]) => {
    const built = `./dist/${source.replace(/\.ts$/, '.js')}`
    return [subpath, { '@progress/source': `./src/${source}`, import: { default: built } }]
  })
  return JSON.stringify({ name, sideEffects, exports: Object.fromEntries(exports) })
}
