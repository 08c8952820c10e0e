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
  let kept = 0
  let end = 0
  for (const char of value) {
    if (kept === maxChars) return value.slice(0, end)
    kept += 1
    end += char.length
  }
  return value
}

function charsOf(value: string): number {
  let count = 0
  for (const _char of value) count += 1
  return count
}
