import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { defineOperation, type KindOf, type MetadataOf, type PhaseOf, type ResultOf, type } from './operation'
import type { CompletedSnapshot, Snapshot } from './snapshot'

const importCsv = defineOperation('csv-import', {
  metadata: z.object({ filename: z.string(), rejected: z.number().default(0) }),
  result: z.object({ inserted: z.number() }),
  phases: { parse: 30, insert: 70 },
})
const backup = defineOperation('backup', { result: z.object({ bytes: z.number() }) })
const plain = defineOperation('plain')

describe('defineOperation', () => {
  it('infers kind, metadata, result and phases', () => {
    expectTypeOf<KindOf<typeof importCsv>>().toEqualTypeOf<'csv-import'>()
    expectTypeOf<MetadataOf<typeof importCsv>>().toEqualTypeOf<{ filename: string; rejected: number }>()
    expectTypeOf<ResultOf<typeof importCsv>>().toEqualTypeOf<{ inserted: number }>()
    expectTypeOf<PhaseOf<typeof importCsv>>().toEqualTypeOf<'parse' | 'insert'>()
  })

  it('has no result and no phase where none is declared', () => {
    expectTypeOf<ResultOf<typeof plain>>().toEqualTypeOf<void>()
    expectTypeOf<PhaseOf<typeof plain>>().toEqualTypeOf<never>()
  })

  it('refuses metadata that JSON cannot carry', () => {
    // @ts-expect-error a Date would arrive as a string
    defineOperation('x', { metadata: z.object({ since: z.date() }) })
    // @ts-expect-error a weight is a number
    defineOperation('x', { phases: { parse: 'most' } })
  })

  it('takes a bare type instead of a schema', () => {
    const typed = defineOperation('typed', { metadata: type<{ rows: number }>(), result: type<{ sum: number }>() })
    expectTypeOf<MetadataOf<typeof typed>>().toEqualTypeOf<{ rows: number }>()
    expectTypeOf<ResultOf<typeof typed>>().toEqualTypeOf<{ sum: number }>()
  })
})

describe('Snapshot<Op>', () => {
  it('narrows by status and by operation', () => {
    const any = {} as Snapshot<typeof importCsv | typeof backup>
    if (any.operation === 'backup' && any.status === 'completed') {
      expectTypeOf(any.result).toEqualTypeOf<{ bytes: number }>()
    }
    const one = {} as Snapshot<typeof importCsv>
    expectTypeOf(one.progress).toEqualTypeOf<number>()
    if (one.status === 'active') {
      expectTypeOf(one.phase).toEqualTypeOf<'parse' | 'insert' | undefined>()
      expectTypeOf(one.metadata.rejected).toEqualTypeOf<number>()
    }
    expectTypeOf<CompletedSnapshot<typeof backup>['result']>().toEqualTypeOf<{ bytes: number }>()
  })

  it('has a plain string as operation where nothing is known of it', () => {
    expectTypeOf<Snapshot['operation']>().toEqualTypeOf<string>()
  })
})
