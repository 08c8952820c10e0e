// What metadata may look like on the wire. How odd values are made to fit is in `sanitize.ts`.
import type { ZodType } from 'zod'
import { BoundedObject } from './json'
import type { Metadata as MetadataType } from './operation'

/** JSON-like data of a session: at most 4 levels of at most 50 entries, keys of 50 and strings of 200 characters. */
export const Metadata: ZodType<MetadataType> = BoundedObject.meta({ id: 'Metadata' })
/** JSON-like data of a session. */
export type Metadata = MetadataType
