// The part of Socket.IO that is used, by shape: a worker installs no sockets, and an app brings its own `Server`.

/** Whom an emit reaches. */
export interface EmitterLike {
  to(room: string): EmitterLike
  except(room: string): EmitterLike
  emit(event: string, payload: unknown): unknown
}

/** The part of Socket.IO's `Server` that the tracker uses. */
export interface SocketServerLike {
  to(room: string): unknown
  engine: unknown
  use(fn: never): unknown
}

/** What is asked of a `Server` once it is there. */
export interface RoomsLike {
  readonly local: EmitterLike
  readonly sockets?: { readonly adapter?: { readonly rooms?: ReadonlyMap<string, ReadonlySet<string>> } }
}

/** The part of a Socket.IO socket that is used. */
export interface SocketLike {
  readonly id: string
  readonly connected: boolean
  readonly request: import('node:http').IncomingMessage
  readonly handshake: { readonly auth?: unknown; readonly headers: import('node:http').IncomingHttpHeaders }
  readonly conn: EngineSocketLike
  join(room: string): void | Promise<void>
  leave(room: string): void | Promise<void>
  emit(event: string, payload: unknown): unknown
  on(event: string, listener: (...args: never[]) => void): unknown
  disconnect(close?: boolean): unknown
}

/** The part of an engine's socket that is used: what is written and not yet sent is seen here. */
export interface EngineSocketLike {
  readonly writeBuffer: readonly PacketLike[]
  /** Replaced when a connection that began with polling is upgraded. */
  readonly transport?: TransportLike
  on(event: 'packetCreate' | 'flush', listener: (...args: never[]) => void): unknown
  off(event: 'packetCreate' | 'flush', listener: (...args: never[]) => void): unknown
  close(discard?: boolean): unknown
}

/** What an engine sends. */
export interface PacketLike {
  readonly type?: string
  readonly data?: unknown
}

/** The part of an engine's transport that is used. */
export interface TransportLike {
  /** The WebSocket of `ws`, where this transport is one: what was written and not yet taken by the system is held there. */
  readonly socket?: {
    readonly bufferedAmount?: number
    /** Node's socket. Its handle knows of bytes that leave while one large write is still under way. */
    readonly _socket?: { readonly _handle?: { readonly writeQueueSize?: number } | null } | null
    terminate?(): void
  }
}
