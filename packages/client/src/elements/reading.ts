// Reads single values of a state that a peer sent: whatever they are, a text or a number comes out.
import type { End, WatchState } from '../sessions/watchState'

const ENDS: readonly string[] = ['completed', 'error', 'cancelled', 'gone']
const MAX_CHARS = 500

/** Is this the last word? A status that nobody knows is none. */
export function isEnd(state: WatchState): state is End {
  return ENDS.includes(state.status)
}

/** The text, at most 500 characters of it; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_CHARS) : ''
}

/** The number, where it is finite and not below 0. */
export function amountOf(value: unknown): number | undefined {
  return Number.isFinite(value) && (value as number) >= 0 ? (value as number) : undefined
}

/** The number; 0 for anything else. */
export function numberOf(value: unknown): number {
  return amountOf(value) ?? 0
}

/** Those that are texts and not empty, with `glue` between them. */
export function joinTexts(glue: string, ...texts: readonly unknown[]): string {
  return texts.filter((text) => text && typeof text === 'string').join(glue)
}
