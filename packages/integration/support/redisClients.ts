// Both client libraries, each with an app's usual options, under one shape for tests.
import { randomUUID } from 'node:crypto'
import { type RedisOptions, redis } from '@progress/server/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { onTestFinished } from 'vitest'

/** A client as an app has it, with a listener for its errors. */
export interface AppClient {
  readonly client: { duplicate(): unknown }
  /** Is it connected? */
  isReady(): boolean
  close(): void
}

/** Makes a client of each library, which goes on trying to connect. */
export const LIBRARIES: Readonly<Record<string, (url: string) => AppClient>> = Object.freeze({
  // As BullMQ wants it: commands wait for ever.
  ioredis: (url: string) => {
    const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
    client.on('error', () => {})
    return { client, isReady: () => client.status === 'ready', close: () => client.disconnect() }
  },
  'node-redis': (url: string) => {
    const client = createClient({ url, socket: { reconnectStrategy: () => 50 } })
    client.on('error', () => {})
    client.connect().catch(() => {}) // closed before it was open
    return { client, isReady: () => client.isReady, close: () => client.isOpen && client.destroy() }
  },
})

/** A prefix that nobody else has. */
export function newPrefix(): string {
  return `test-${randomUUID()}`
}

/** A backend over a client of its own, both of which are closed after the test. */
export function newBackend(library: string, url: string, options: RedisOptions) {
  const app = clientOf(library, url)
  const backend = redis(app.client, options)
  onTestFinished(async () => {
    await backend.close()
    app.close()
  })
  return backend
}

/** A client of the library. */
export function clientOf(library: string, url: string): AppClient {
  const make = LIBRARIES[library]
  if (!make) throw new Error(`there is no library ${library}`)
  return make(url)
}
