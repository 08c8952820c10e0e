// The client that is handed in, ioredis or node-redis: the few members that are used, so that both fit by their shape.

/** A client, whichever it is. */
export interface Client {
  /** Sends a command. Rejects as the client does; may throw where that does. */
  run(command: readonly string[]): Promise<unknown>
  /** A connection of our own, to hear by. */
  line(): Line
}

/** A connection that hears one channel. It comes back by itself after an outage, as the app's client does. */
export interface Line {
  /** Resolves when it hears. `isBack`: it hears again after an outage. */
  subscribe(channel: string, hear: (text: string) => void, isBack: () => void): Promise<void>
  /** Ends it. Twice is harmless. */
  close(): void
}

interface Connection {
  on(event: string, listener: (...values: unknown[]) => void): unknown
}

interface Ioredis extends Connection {
  readonly status: string
  connect(): Promise<unknown>
  call(...command: string[]): Promise<unknown>
  duplicate(): unknown
  subscribe(channel: string): Promise<unknown>
  disconnect(): void
}

interface NodeRedis extends Connection {
  sendCommand(command: string[]): Promise<unknown>
  duplicate(): unknown
  connect(): Promise<unknown>
  subscribe(channel: string, hear: (text: unknown) => void): Promise<unknown>
  destroy(): void
}

const WHAT_TO_WRITE = 'write redis(new Redis()) with ioredis, or redis(createClient()) with node-redis and connect() it'

/** The client by its shape, or a `TypeError` that says what to write. */
export function requireClient(client: unknown): Client {
  if (has(client, 'duplicate', 'call', 'subscribe', 'disconnect')) return ofIoredis(client as unknown as Ioredis)
  if (has(client, 'duplicate', 'sendCommand', 'connect', 'subscribe', 'destroy')) {
    const nodeRedis = client as unknown as NodeRedis
    // Those of a cluster and of a sentinel take other arguments, in front.
    if (nodeRedis.sendCommand.length <= 2) return ofNodeRedis(nodeRedis)
    throw new TypeError(
      'redis() takes the clusters and sentinels of ioredis, not those of node-redis: write redis(new Cluster(nodes)) with ioredis',
    )
  }
  throw new TypeError(`redis() takes a client of ioredis 5 or node-redis 5, not ${describe(client)}: ${WHAT_TO_WRITE}`)
}

function ofIoredis(client: Ioredis): Client {
  return {
    run: (command) => client.call(...command),
    line() {
      const own = client.duplicate() as Ioredis
      own.on('error', ignore) // it tries again by itself
      return {
        async subscribe(channel, hear, isBack) {
          own.on('message', (from, text) => from === channel && hear(String(text)))
          await readiness(own) // an app may have said that nothing waits for a connection
          await own.subscribe(channel)
          // Also where the app has said that its clients do not do it by themselves.
          own.on('ready', () => own.subscribe(channel).then(isBack, ignore))
        },
        close: () => own.disconnect(),
      }
    },
  }
}

async function readiness(own: Ioredis): Promise<void> {
  if (own.status === 'wait') own.connect().catch(ignore)
  if (own.status !== 'ready') await new Promise<void>((resolve) => void own.on('ready', () => resolve()))
}

function ofNodeRedis(client: NodeRedis): Client {
  return {
    run: (command) => client.sendCommand([...command]),
    line() {
      const own = client.duplicate() as NodeRedis
      own.on('error', ignore)
      return {
        async subscribe(channel, hear, isBack) {
          await own.connect()
          await own.subscribe(channel, (text) => hear(String(text)))
          own.on('ready', isBack) // it has subscribed again by then
        },
        close() {
          try {
            own.destroy()
          } catch {
            // It was never open, or is not any more.
          }
        },
      }
    },
  }
}

function has(client: unknown, ...methods: readonly string[]): client is Readonly<Record<string, unknown>> {
  if (typeof client !== 'object' || client === null) return false
  return methods.every((name) => typeof (client as Readonly<Record<string, unknown>>)[name] === 'function')
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}

function ignore(): void {}
