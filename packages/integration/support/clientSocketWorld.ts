// What a fact about `socket.io-client` is run in: a bare server, sockets that dial it as our client has them dial, and what
// those are told.

/** The part of a client's socket that our client uses. */
export interface ClientSocket {
  auth: unknown
  readonly connected: boolean
  readonly io: { readonly engine?: ClientEngine | undefined }
  on(event: string, listener: (...args: never[]) => void): unknown
  onAny(listener: (name: string, payload: unknown) => void): unknown
  off(): ClientSocket
  offAny(): ClientSocket
  connect(): unknown
  emit(event: string, ...args: unknown[]): unknown
  disconnect(): unknown
}

/** What runs below it. */
export interface ClientEngine {
  readonly transport: { readonly name: string }
  on(event: 'upgrade', listener: () => void): unknown
}

/** The server's end of one. */
export interface FarSocket {
  readonly connected: boolean
  readonly handshake: { readonly auth: unknown }
  readonly conn: { close(): unknown }
  on(event: string, listener: (...args: never[]) => void): unknown
  emit(event: string, payload: unknown): unknown
  disconnect(close: boolean): unknown
}

/** The server. */
export interface FarServer {
  use(middleware: (far: FarSocket, next: (refusal?: Error) => void) => void): unknown
  on(event: 'connection', listener: (far: FarSocket) => void): unknown
}

/** A server, and sockets that dial it. */
export interface ClientWorld {
  readonly server: FarServer
  /** The server's ends, in the order in which they came in. */
  readonly connected: readonly FarSocket[]
  /** A socket, as our client makes one. It dials when it is told to. */
  io(): ClientSocket
  /** From now on whoever dials finds nobody. */
  hide(): void
  /** All lines break. */
  cut(): void
  /** Resolves once it is so; rejects where it never is. */
  until(isSo: () => boolean): Promise<void>
}

/** What a socket was told: its name, and what it carried. */
export type Told = readonly [name: string, ...carried: unknown[]]

/** One that is connected, at both ends. */
export interface ClientPair {
  readonly socket: ClientSocket
  readonly far: FarSocket
  readonly told: Told[]
  /** Resolves when all that was sent before, either way, has arrived. */
  arrived(): Promise<void>
}

/** All that a socket is told from now on. */
export function toldTo(socket: ClientSocket): Told[] {
  const told: Told[] = []
  socket.on('connect', () => told.push(['connect']))
  socket.on('connect_error', ({ message, data }: Error & { data?: unknown }) => {
    told.push(['connect_error', message, data])
  })
  socket.on('disconnect', (reason: string) => told.push(['disconnect', reason]))
  socket.onAny((name, payload) => told.push([name, payload]))
  return told
}

/** What it was told since it stood. */
export function eventsOf({ told }: ClientPair): readonly Told[] {
  return told.slice(1)
}

/** Dials, and waits until it stands. */
export async function pair(world: ClientWorld, auth?: object): Promise<ClientPair> {
  const count = world.connected.length
  const socket = world.io()
  if (auth) socket.auth = auth
  const told = toldTo(socket)
  socket.connect()
  await world.until(() => world.connected.length > count && told.length > 0)
  const far = world.connected[count]
  if (!far) throw new Error('nobody came')
  far.on('echo', (answer: () => void) => answer())
  const arrived = async (): Promise<void> => {
    let isBack = false
    socket.emit('echo', () => {
      isBack = true
    })
    await world.until(() => isBack)
  }
  return { socket, far, told, arrived }
}

/**
 * Resolves when whatever was on its way has had the time to arrive: another socket has dialled, and was there and back three
 * times, or was `refused` as often.
 */
export async function settled(world: ClientWorld, how: 'connected' | 'refused' = 'connected'): Promise<void> {
  const other = how === 'connected' ? await pair(world) : undefined
  for (let times = 0; times < 3; times++) {
    if (other) await other.arrived()
    else await refusal(world)
  }
}

async function refusal(world: ClientWorld): Promise<void> {
  const socket = world.io()
  const told = toldTo(socket)
  socket.connect()
  await world.until(() => told.length > 0)
  socket.disconnect()
}
