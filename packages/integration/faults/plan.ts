// A seed comes in, all that one run does comes out: what the job says, what becomes of the line, and who looks on how. The
// same seed is the same plan; how the machine's own time falls is not in it.
import type { WayName } from '@progress/client'
import { seeded } from '../support/proxy/random'
import { between, type Chance, type Hit, KIND_NAMES, type KindName, kindOf, oneOf } from './kinds'

/** Something goes wrong, for a time. */
export interface Stroke extends Hit {
  readonly fromMs: number
  readonly forMs: number
}

/** How a job ends. */
export type Ending = 'complete' | 'fail' | 'cancel'

/** One run. Times are milliseconds from its begin; where it begins with a good line, from when the first state was shown. */
export interface Plan {
  readonly seed: number
  readonly kind: KindName
  readonly ways: readonly [WayName, ...WayName[]]
  /** The line breaks, and the job works on, only when the first state was shown. */
  readonly isGoodAtFirst: boolean
  readonly strokes: readonly Stroke[]
  /** Somebody begins to look on; before the session is there, or after. */
  readonly watchAtMs: number
  readonly makeAtMs: number
  /** When the job says its next step. */
  readonly stepsAtMs: readonly number[]
  readonly endAtMs: number
  readonly ending: Ending
  /** Who looks on leaves after the end, and comes again. */
  readonly again: boolean
}

const WAYS: readonly Plan['ways'][] = [['socket', 'sse', 'poll'], ['sse', 'poll'], ['poll']]
const LONGEST_MS = 4_000
const SHORT_MS = 2_000
const GOOD_SHARE = 0.7
/** This share of all strokes lasts as long as their kind may; the others are short. */
const LONG_SHARE = 0.15

/**
 * The plan of a seed: kinds and ways take turns, so that seeds in a row have all of them.
 * @param longestMs no stroke that passes lasts longer. Default: each as long as its kind may
 */
export function planOf(seed: number, longestMs = Number.POSITIVE_INFINITY): Plan {
  const chance = seeded(seed)
  chance() // seeds in a row begin alike
  const kind = KIND_NAMES[seed % KIND_NAMES.length] ?? oneOf(KIND_NAMES, chance)
  const ways = WAYS[Math.floor(seed / KIND_NAMES.length) % WAYS.length] ?? oneOf(WAYS, chance)
  const endAtMs = between(300, 2_500, chance)
  const strokes = Array.from({ length: between(1, 4, chance) }, () => strokeOf(kind, { endAtMs, longestMs }, chance))
  return {
    seed,
    kind,
    ways,
    isGoodAtFirst: chance() < GOOD_SHARE,
    strokes,
    makeAtMs: between(0, 200, chance),
    watchAtMs: between(0, endAtMs / 2, chance),
    stepsAtMs: Array.from({ length: between(3, 25, chance) }, () => between(200, endAtMs, chance)).sort(
      (a, b) => a - b,
    ),
    endAtMs,
    ending: oneOf(['complete', 'fail', 'cancel'] as const, chance),
    again: chance() < 0.3,
  }
}

function strokeOf(
  name: KindName,
  bounds: { readonly endAtMs: number; readonly longestMs: number },
  chance: Chance,
): Stroke {
  const { hit, longestMs = LONGEST_MS, isSteady } = kindOf(name, chance)
  const { endAtMs } = bounds
  if (isSteady) return { ...hit(chance), fromMs: 0, forMs: between(endAtMs, endAtMs + 1_000, chance) }
  const mostMs = chance() < LONG_SHARE ? longestMs : Math.min(longestMs, SHORT_MS)
  const forMs = mostMs === 0 ? 0 : between(100, mostMs, chance)
  return { ...hit(chance), forMs: Math.min(forMs, bounds.longestMs), fromMs: between(0, endAtMs + 100, chance) }
}
