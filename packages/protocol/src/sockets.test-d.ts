import type { Server, Socket as ServerSocket } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { describe, expectTypeOf, it } from 'vitest'
import type { ClientToServerEvents, CommandAnswer, ServerToClientEvents } from './index'
import type { CompletedSnapshot } from './snapshot'

declare const io: Server<ClientToServerEvents, ServerToClientEvents>
declare const onServer: ServerSocket<ClientToServerEvents, ServerToClientEvents>
declare const client: Socket<ServerToClientEvents, ClientToServerEvents>
declare const completed: CompletedSnapshot

describe('Socket.IO, typed by the tables', () => {
  it('types what the server sends', () => {
    io.to('progress-1').emit('progress-complete', completed)
    // @ts-expect-error a completed session is no update
    io.to('progress-1').emit('progress-update', completed)
    // @ts-expect-error no such event
    io.emit('progress-done', completed)
    client.on('progress-error', (snapshot) => {
      expectTypeOf(snapshot.error.retryable).toEqualTypeOf<boolean>()
    })
    client.on('progress-log', ({ lines }) => {
      expectTypeOf(lines[0]?.text).toEqualTypeOf<string | undefined>()
    })
  })

  it('types what a client sends, with or without options and acknowledgement', () => {
    client.emit('join-progress', 'id')
    client.emit('join-progress', 'id', null, (answer) => {
      expectTypeOf(answer).toEqualTypeOf<CommandAnswer<'join-progress'>>()
      if ('success' in answer) expectTypeOf(answer.status.progress).toEqualTypeOf<number>()
      else expectTypeOf(answer.error.message).toEqualTypeOf<string>()
    })
    client.emit('cancel-progress', 'id', 'user')
    // @ts-expect-error an id is a text
    client.emit('leave-progress', 7)
    // @ts-expect-error no such option
    client.emit('join-progress', 'id', { pos: 'x' })
  })

  it('types what the server hears', () => {
    onServer.on('join-progress', (sessionId, options, ack) => {
      expectTypeOf(sessionId).toEqualTypeOf<string>()
      expectTypeOf(options?.position).toEqualTypeOf<string | undefined>()
      ack?.({ error: { code: 'NOT_FOUND', message: 'no' } })
    })
    onServer.on('sync-progress', (positions) => {
      expectTypeOf(positions['id']).toEqualTypeOf<string | undefined>()
    })
  })

  it('takes an awaited acknowledgement by its name, since socket.io-client types only those that are required', async () => {
    const answer: CommandAnswer<'join-progress'> = await client.emitWithAck('join-progress', 'id', {})
    if ('error' in answer) expectTypeOf(answer.error.message).toEqualTypeOf<string>()
  })
})
