// A message for a person rather than about a session: it may wait for somebody who is away, so it has an id, a priority
// and an end.
import * as z from 'zod'
import { Json } from './json'
import { LIMITS } from './limits'
import { Milliseconds } from './snapshot'
import { text } from './text'

/** From least to most urgent. Where room is short, the least urgent go first. */
export const PRIORITIES = Object.freeze(['low', 'normal', 'high', 'critical'] as const)

/** A message for a person, kept until it was acknowledged or has expired. */
export const Notification = z
  .object({
    /** Acknowledged by this. */
    id: z.uuid(),
    /** What it is about, such as `system.alert`; clients subscribe to it. */
    type: text(LIMITS.nameChars, 1),
    priority: z.enum(PRIORITIES),
    message: text(LIMITS.messageChars),
    data: Json.exactOptional(),
    createdAt: Milliseconds,
    /** Not delivered any more from this moment on. */
    expiresAt: Milliseconds.exactOptional(),
    /** A newer message with the same key takes the place of one that waits. */
    dedupeKey: text(LIMITS.sessionIdChars, 1).exactOptional(),
  })
  .meta({ id: 'Notification' })
/** A message for a person, kept until it was acknowledged or has expired. */
export type Notification = Readonly<z.infer<typeof Notification>>
