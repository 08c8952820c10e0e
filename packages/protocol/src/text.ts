// Length of text, counted in characters (code points) as JSON Schema counts it: an emoji is one.
import * as z from 'zod'

/** Text of at most `maxChars` characters. */
export function text(maxChars: number, minChars = 0): z.ZodString {
  return z
    .string()
    .min(minChars)
    .refine((value) => value.length <= maxChars || charsOf(value) <= maxChars, `longer than ${maxChars} characters`)
    .meta({ maxLength: maxChars }) // a refinement has no words in JSON Schema
}

/** Cuts a text to `maxChars` characters, never through the middle of one. */
export function cutText(value: string, maxChars: number): string {
  if (value.length <= maxChars) return value
  const kept: string[] = []
  for (const char of value) {
    // Joined anew: a slice would keep the whole of a long text in memory.
    if (kept.length === maxChars) return kept.join('')
    kept.push(char)
  }
  return value
}

/**
 * What a job says to people, cut to `maxChars` characters. Where it is mostly control characters or broken pairs, which
 * JSON writes with six bytes each, they are replaced: a text never takes more than four bytes a character.
 */
export function boundedText(value: string, maxChars: number): string {
  const cut = cutText(value, maxChars)
  const bytes = encoder.encode(JSON.stringify(cut)).length - 2
  return bytes <= 4 * maxChars ? cut : cut.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd')
}

const encoder = new TextEncoder()

function charsOf(value: string): number {
  let count = 0
  for (const _char of value) count += 1
  return count
}
