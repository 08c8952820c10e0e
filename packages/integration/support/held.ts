// What a server's process holds for a connection that does not read, counted from outside of what is tested.

interface EngineInside {
  readonly writeBuffer: readonly { readonly data?: string }[]
  readonly transport?: { readonly socket?: { readonly bufferedAmount?: number } }
}

/** Bytes that the engine has queued, and those that its WebSocket holds. */
export function heldFor(conn: unknown): number {
  const { writeBuffer, transport } = conn as EngineInside
  return writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0) + (transport?.socket?.bufferedAmount ?? 0)
}
