// A signed message: its schema, and the exact bytes that both sides sign. The signing itself is not here.
import * as z from 'zod'
import { Milliseconds } from './snapshot'

/** A message with an HMAC-SHA256 over `signedBytes`. The payload stays text, so that both sides sign the same bytes. */
export const SignedEnvelope = z
  .object({
    /** The message as JSON. */
    payload: z.string(),
    /** HMAC-SHA256 with the connection's own random key. */
    signature: z.base64().length(44),
    /** When it was signed; refused once older than `LIMITS.signatureWindowMs`. */
    timestamp: Milliseconds,
    /** 16 random bytes, accepted once. */
    nonce: z.base64().length(24),
  })
  .meta({ id: 'SignedEnvelope' })
/** A message with an HMAC-SHA256 over `signedBytes`. */
export type SignedEnvelope = Readonly<z.infer<typeof SignedEnvelope>>

const encoder = new TextEncoder()

/** The bytes that are signed: JSON of payload, timestamp and nonce, in this order, without white space, as UTF-8. */
export function signedBytes({ payload, timestamp, nonce }: Omit<SignedEnvelope, 'signature'>): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify({ payload, timestamp, nonce }))
}
