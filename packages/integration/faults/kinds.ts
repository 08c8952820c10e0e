// What can go wrong on a line, by name: chance comes in, faults of a line come out, as hard as chance has it.
import type { Faults } from '../support/proxy/faults'

/** What a stroke does to a line for its time. */
export interface Hit {
  readonly faults: Faults
  /** All connections that there are are reset when it begins. */
  readonly resets?: boolean
}

/** 0 <= random < 1 */
export type Chance = () => number

/** How a kind of fault is made, and how long a stroke of it lasts at most. */
export interface Kind {
  readonly hit: (chance: Chance) => Hit
  /** Default 4,000. */
  readonly longestMs?: number
  /** It lasts from the begin of a run until after the end of its job: what it does, it does to single messages. */
  readonly isSteady?: boolean
}

const HTML = { 'Content-Type': 'text/html' }
const PAGE = '<html><body>status: completed, progress: 100</body></html>'

/** All kinds but `several at once`, with the case that each belongs to. */
export const KINDS = {
  'reset (11)': { hit: () => ({ faults: {}, resets: true }), longestMs: 0 },
  'cut in the middle (11)': { hit: () => ({ faults: { cut: true } }), longestMs: 800 },
  'silent both ways (12)': { hit: () => ({ faults: { hole: { direction: 'both' } } }), longestMs: 14_000 },
  'silent to the client (13)': { hit: () => ({ faults: { hole: { direction: 'down' } } }), longestMs: 14_000 },
  'silent to the server (13)': { hit: () => ({ faults: { hole: { direction: 'up' } } }), longestMs: 14_000 },
  'late and uneven (14)': { hit: (chance) => ({ faults: { shape: late(chance) } }) },
  'late, byte by byte (14)': { hit: (chance) => ({ faults: { shape: { ...late(chance), sliceBytes: 1 } } }) },
  'narrow, 1 to 8 kB/s (15)': {
    hit: (chance) => ({ faults: { shape: { bytesPerSecond: between(1_000, 8_000, chance) } } }),
  },
  'messages twice (18)': { hit: () => ({ faults: { mangle: { duplicate: true } } }), isSteady: true },
  'messages out of order (18)': { hit: () => ({ faults: { mangle: { reorder: true } } }), isSteady: true },
  'a fifth left out (18)': { hit: () => ({ faults: { mangle: { dropShare: 0.2 } } }), isSteady: true },
  'all three of these (18)': {
    hit: () => ({ faults: { mangle: { duplicate: true, reorder: true, dropShare: 0.2 } } }),
    isSteady: true,
  },
  'nobody gets in': { hit: () => ({ faults: { shut: true }, resets: true }), longestMs: 5_000 },
  'a proxy answers (35)': { hit: (chance) => ({ faults: { answer: answering(chance) }, resets: true }) },
  'no WebSocket (107)': { hit: () => ({ faults: { block: 'websocket' }, resets: true }), longestMs: 5_000 },
  'no Socket.IO (107)': { hit: () => ({ faults: { block: 'socket.io' }, resets: true }), longestMs: 5_000 },
} satisfies Readonly<Record<string, Kind>>

/** The name of a kind; `several at once` mixes all others. */
export type KindName = keyof typeof KINDS | typeof SEVERAL

/** Strokes of any kinds, which may overlap. */
export const SEVERAL = 'several at once'

/** All names, in the order of the table. */
export const KIND_NAMES: readonly KindName[] = [...(Object.keys(KINDS) as (keyof typeof KINDS)[]), SEVERAL]

/** A kind of one name; of `several at once`, any. */
export function kindOf(name: KindName, chance: Chance): Kind {
  return KINDS[name === SEVERAL ? oneOf(Object.keys(KINDS) as (keyof typeof KINDS)[], chance) : name]
}

/** One of some. */
export function oneOf<T>(all: readonly [T, ...T[]] | readonly T[], chance: Chance): T {
  return all[Math.floor(chance() * all.length)] as T
}

/** A whole number from `low` to below `high`. */
export function between(low: number, high: number, chance: Chance): number {
  return low + Math.floor(chance() * (high - low))
}

function late(chance: Chance) {
  const latencyMs = between(20, 500, chance)
  return { latencyMs, jitterMs: Math.floor(latencyMs * 0.8) }
}

function answering(chance: Chance): NonNullable<Faults['answer']> {
  const status = oneOf([200, 404, 413, 429, 500, 502, 503], chance)
  const headers = status === 429 ? { ...HTML, 'Retry-After': '1' } : HTML
  return () => ({ status, headers, body: PAGE })
}
