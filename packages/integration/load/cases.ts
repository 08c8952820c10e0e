// The cases of load and of memory, each with what shows it: a program of its own, a bench that is the case already, or tests.

/** What shows that a case holds. */
export type Proof =
  /** A program, below `packages/integration`. `long` or `short` is said to it, by the form of the run. */
  | {
      readonly kind: 'program'
      readonly file: string
      readonly long?: readonly string[]
      readonly short?: readonly string[]
    }
  /** Tests of the quick gate whose names have this in them; in these files alone. */
  | { readonly kind: 'tests'; readonly named: string; readonly files: readonly string[] }

/** A case. */
export interface Case {
  readonly number: number
  readonly name: string
  readonly proof: Proof
}

const program = (file: string): Proof => ({ kind: 'program', file, short: ['--short'] })
const tests = (named: string, ...files: readonly string[]): Proof => ({ kind: 'tests', named, files })

/** All of them, in the order of their numbers. */
export const CASES: readonly Case[] = [
  { number: 1, name: 'rate', proof: program('load/rate.load.ts') },
  { number: 2, name: 'viewers', proof: program('load/viewers.load.ts') },
  { number: 3, name: 'tightLoop', proof: program('bench/tightLoop.bench.ts') },
  { number: 4, name: 'idle', proof: program('load/idle.load.ts') },
  { number: 5, name: 'liveSessions', proof: program('bench/liveSessions.bench.ts') },
  { number: 6, name: 'cutOff', proof: program('load/cutOff.load.ts') },
  { number: 7, name: 'strangers', proof: program('load/strangers.load.ts') },
  { number: 8, name: 'abandoned', proof: program('load/abandoned.load.ts') },
  {
    number: 9,
    name: 'soak',
    proof: {
      kind: 'program',
      file: 'soak/run.ts',
      long: ['--minutes', '3'],
      short: ['--minutes', '0.33', '--clients', '20'],
    },
  },
  { number: 10, name: 'pollers', proof: program('load/pollers.load.ts') },
  { number: 87, name: 'cycles', proof: program('load/cycles.load.ts') },
  { number: 88, name: 'finished', proof: program('load/finished.load.ts') },
  {
    number: 89,
    name: 'neverFinished',
    proof: tests('89:', 'server/src/options.test.ts', 'server/src/tracker/lingering.test.ts'),
  },
  { number: 90, name: 'nobodyWatches', proof: program('bench/nobodyWatches.bench.ts') },
  {
    number: 91,
    name: 'watches',
    proof: tests(
      '91:',
      'client/src/sessions/leaks.test.ts',
      'client/src/sessions/sharing.test.ts',
      'client/src/client.test.ts',
      'client/src/connection/wake.dom.test.ts',
      'client/src/connection/asks.test.ts',
    ),
  },
  {
    number: 92,
    name: 'mounts',
    proof: tests('mounted and unmounted', 'client/src/react/leaks.dom.test.tsx'),
  },
  { number: 93, name: 'stalled', proof: program('load/stalled.load.ts') },
  { number: 94, name: 'backendAway', proof: tests('94:', 'server/src/backend/mirror.test.ts') },
  {
    number: 95,
    name: 'tables',
    proof: tests('remembers|95:', 'server/src/guards/rateLimit.test.ts', 'server/src/backend/memory.test.ts'),
  },
]

/** Those that are asked for, by name or by number; all where none is. Throws where one does not exist. */
export function casesOf(wanted: readonly string[]): readonly Case[] {
  const unknown = wanted.find((each) => !CASES.some((one) => isNamed(one, each)))
  if (unknown !== undefined)
    throw new Error(`no case is called ${unknown}: ${CASES.map(({ name }) => name).join(', ')}`)
  return wanted.length === 0 ? CASES : CASES.filter((one) => wanted.some((each) => isNamed(one, each)))
}

function isNamed({ name, number }: Case, word: string): boolean {
  return word === name || word === String(number)
}
