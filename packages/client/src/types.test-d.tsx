// What TypeScript knows of work that was defined once, in the page. Checked by the compiler, never run.

import type { End, Snapshot, WebSocketClient } from '@progress/client'
import { useMyProgress, useProgress } from '@progress/client/react'
import type { createFakeProgress } from '@progress/client/testing'
import { defineOperation, type } from '@progress/protocol'
import { expectTypeOf, test } from 'vitest'

const importCsv = defineOperation('csv-import', {
  metadata: type<{ filename: string; rejected: number }>(),
  result: type<{ inserted: number }>(),
  phases: { parse: 30, insert: 70 },
})
const backup = defineOperation('backup', { result: type<{ bytes: number }>() })
type Operations = typeof importCsv | typeof backup

declare const client: WebSocketClient
declare const any: Snapshot<Operations>
declare const fake: ReturnType<typeof createFakeProgress>

test('a watch knows its operation', () => {
  const { state } = client.watch<typeof importCsv>('x')
  expectTypeOf(state.progress).toEqualTypeOf<number>()
  if (state.status === 'completed') expectTypeOf(state.result).toEqualTypeOf<{ inserted: number }>()
  if (state.status === 'active') {
    expectTypeOf(state.phase).toEqualTypeOf<'parse' | 'insert' | undefined>()
    expectTypeOf(state.metadata.rejected).toEqualTypeOf<number>()
  }
  expectTypeOf(client.watch<typeof importCsv>('x').result()).resolves.toEqualTypeOf<{ inserted: number }>()
  // @ts-expect-error there is no result before the end
  void state.result
})

test('an untyped watch has wide types', () => {
  const { state } = client.watch('x')
  if (state.status === 'active') expectTypeOf(state.operation).toEqualTypeOf<string>()
})

test('of several operations the kind tells which', () => {
  if (any.operation === 'backup' && any.status === 'completed')
    expectTypeOf(any.result).toEqualTypeOf<{ bytes: number }>()
  expectTypeOf<Extract<End<typeof backup>, { status: 'completed' }>['result']>().toEqualTypeOf<{ bytes: number }>()
  for (const mine of client.watchMine<Operations>().state.sessions) {
    if (mine.operation === 'csv-import') expectTypeOf(mine.metadata.filename).toEqualTypeOf<string>()
  }
})

test('events have the names and the types of the seed', () => {
  client.on('progress', (state) => expectTypeOf(state.status).toEqualTypeOf<'active'>())
  client.on('disconnect', ({ reason }) => expectTypeOf(reason).toEqualTypeOf<string>())
  // @ts-expect-error no such event
  client.on('progres', () => {})
})

test('a hook says what its watch says', () => {
  const p = useProgress<typeof importCsv>('x', {
    onEnd: (end) => {
      if (end.status === 'completed') expectTypeOf(end.result).toEqualTypeOf<{ inserted: number }>()
    },
  })
  expectTypeOf(p.progress).toEqualTypeOf<number>()
  expectTypeOf(p.cancel).parameters.toEqualTypeOf<[reason?: string]>()
  if (p.status === 'completed') expectTypeOf(p.result).toEqualTypeOf<{ inserted: number }>()
  // @ts-expect-error there is no result before the end
  void p.result
  const { sessions } = useMyProgress<Operations>()
  expectTypeOf(sessions).toEqualTypeOf<readonly Snapshot<Operations>[]>()
})

test('whoever plays the server says only what such a job can say', () => {
  const session = fake.session<typeof importCsv>('csv-import', { metadata: { filename: 'a', rejected: 0 } })
  session.update({ phase: 'parse', metadata: { rejected: 1 } })
  session.complete({ inserted: 1 })
  // @ts-expect-error no such phase
  session.update({ phase: 'pars' })
  // @ts-expect-error no such key
  session.update({ metadata: { rejectd: 1 } })
  // @ts-expect-error no such result
  session.complete({ rows: 1 })
  // @ts-expect-error another kind
  fake.session<typeof importCsv>('backup')
})
