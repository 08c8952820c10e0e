// Rules 1, 3 and 4: who may import what.
import { describe, expect, it } from 'vitest'
import { brokenBy, catches } from './house'

describe('a legal house', () => {
  it('breaks no rule', () => {
    expect(brokenBy({})).toEqual([])
  })
})

describe('rule 1: packages', () => {
  const protocol = 'packages/protocol/src/extra.ts'
  const server = 'packages/server/src/extra.ts'
  const client = 'packages/client/src/extra.ts'
  catches(1, {
    'protocol with another library': [protocol, "import EventEmitter from 'eventemitter3'"],
    'protocol with a type of another library': [protocol, "import type { Emitter } from 'eventemitter3'"],
    'protocol that loads a library late': [protocol, "// a\nexport const load = () => import('ajv')", 2],
    'protocol that requires a library': [protocol, "const a = require('ajv')"],
    "protocol with one of Node's modules outside cli/": [protocol, "import { argv } from 'node:process'"],
    'a library in the cli of protocol': ['packages/protocol/src/cli/extra.ts', "import Ajv from 'ajv'"],
    'protocol with a type of the server': [protocol, "export type A = import('@progress/server').A"],
    'server with client': [server, "import { WebSocketClient } from '@progress/client'"],
    'server with a type of client': [server, "import type { WebSocketClient } from '@progress/client'"],
    'a re-export of client from server': [server, "export { useProgress } from '@progress/client/react'"],
    'client with server': [client, "import { serveProgress } from '@progress/server'"],
    'a test of client with server': ['packages/client/src/extra.test.ts', "import { a } from '@progress/server'"],
  })
})

describe('rule 3: libraries', () => {
  const http = 'packages/server/src/http/extra.ts'
  const client = 'packages/client/src/extra.ts'
  catches(3, {
    'socket.io in http/': [http, "import { Server } from 'socket.io'"],
    'a type of socket.io in http/': [http, "import type { Server } from 'socket.io'"],
    'socket.io in another file of auth/': ['packages/server/src/auth/recheck.ts', "import { Server } from 'socket.io'"],
    'socket.io in the client': [client, "import type { Server } from 'socket.io'"],
    'socket.io-client in a second file': [client, "\nimport { io } from 'socket.io-client'", 2],
    'socket.io-client in the server': [http, "import { io } from 'socket.io-client'"],
    'react outside react/': [client, "import { useState } from 'react'"],
    'JSX outside react/': ['packages/client/src/extra.tsx', '\nexport const a = () => <p />', 2],
    'react in the server': [http, "import type { ReactNode } from 'react'"],
    'a Redis package': ['packages/server/src/redis/client.ts', "import { createClient } from 'redis'"],
    'a type of a Redis package': ['packages/server/src/redis/client.ts', "import type { Redis } from 'ioredis'"],
    'a scoped Redis package': [http, "import { a } from '@redis/client'"],
    'a SQLite package': ['packages/server/src/sqlite/index.ts', "import Database from 'better-sqlite3'"],
    'jose, loaded late': ['packages/server/src/auth/tokenAuth.ts', "export const load = () => import('jose')"],
    'prom-client': [http, "import { Counter } from 'prom-client'"],
    express: [http, "import type { Request } from 'express'"],
  })
})

describe('rule 3: tracker', () => {
  const file = 'packages/server/src/tracker/extra.ts'
  catches(3, {
    'the tracker with socket/': [file, "import { room } from '../socket/rooms'"],
    'the tracker with a type of socket/': [file, "import type { room } from '../socket/rooms'"],
    'the tracker with http/': [file, "import { poll } from '../http/poll'"],
    'the tracker with auth/': [file, "import { handshake } from '../auth/handshake'"],
    'the tracker with notify/': [file, "import type { Queue } from '../notify/queue'"],
    'the tracker with a backend': [file, "import { createMemory } from '../backend/memory'"],
    'the tracker with a type of a backend': [file, "import type { createMemory } from '../backend/memory'"],
    'the tracker with a value of the contract': [file, "import { Backend } from '../backend/contract'"],
    'the tracker with an inline type, which leaves the import': [
      file,
      "import { type Backend } from '../backend/contract'",
    ],
    'the tracker with a value of observe/': [file, "import { createSignals } from '../observe/signals'"],
    "the tracker with Node's http": [file, "import { createServer } from 'node:http'"],
  })
})

describe('rule 4: siblings', () => {
  const meeting = "import { room } from './socket/rooms'\nimport { poll } from './http/poll'"
  catches(4, {
    'socket/ with http/': ['packages/server/src/socket/extra.ts', "import { poll } from '../http/poll'"],
    'http/ with a type of guards/': [
      'packages/server/src/http/extra.ts',
      "import type { Ledger } from '../guards/ledger'",
    ],
    'notify/ with socket/, through a re-export': [
      'packages/server/src/notify/extra.ts',
      "export * from '../socket/rooms'",
    ],
    'guards/ with notify/, loaded late': [
      'packages/server/src/guards/extra.ts',
      "\nexport const a = () => import('../notify/queue')",
      2,
    ],
    'a second file that joins two parts': ['packages/server/src/attach.ts', meeting, 2],
  })
})
