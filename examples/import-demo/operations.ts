// What kinds of work there are: one definition for both sides. A page imports only its type, which costs it no byte.
import { defineOperation } from '@progress/protocol'
import * as z from 'zod'

/** A CSV file becomes rows of the database. */
export const importCsv = defineOperation('csv-import', {
  metadata: z.object({ filename: z.string(), rejected: z.number().default(0) }),
  result: z.object({
    inserted: z.number(),
    rejected: z.number(),
    /** Country -> rows, the five with the most. */
    countries: z.record(z.string(), z.number()),
  }),
  phases: { upload: 10, parse: 35, insert: 50, index: 5 },
})

/** The database is copied and compressed. */
export const backup = defineOperation('backup', { result: z.object({ bytes: z.number() }) })

/** One of many small pieces of work. */
export const tidyUp = defineOperation('tidy-up', { metadata: z.object({ shelf: z.string() }) })

/** All of them, for a list of mixed work. */
export type Operations = typeof importCsv | typeof backup | typeof tidyUp
