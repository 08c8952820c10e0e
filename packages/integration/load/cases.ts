// The cases of load and of memory, each with the program that shows it: its own, or a bench that is the case already.

/** The program that shows that a case holds, below `packages/integration`. `long` or `short` is said to it, by the form of the run. */
export interface Proof {
  readonly file: string
  readonly long?: readonly string[]
  readonly short?: readonly string[]
}

/** A case. */
export interface Case {
  readonly number: number
  readonly name: string
  readonly proof: Proof
}

const program = (file: string): Proof => ({ file, short: ['--short'] })

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
      file: 'soak/run.ts',
      long: ['--minutes', '3'],
      short: ['--minutes', '0.33', '--clients', '20'],
    },
  },
  { number: 10, name: 'pollers', proof: program('load/pollers.load.ts') },
  { number: 87, name: 'cycles', proof: program('load/cycles.load.ts') },
  { number: 88, name: 'finished', proof: program('load/finished.load.ts') },
  { number: 89, name: 'neverFinished', proof: program('load/neverFinished.load.ts') },
  { number: 90, name: 'nobodyWatches', proof: program('bench/nobodyWatches.bench.ts') },
  { number: 91, name: 'watches', proof: program('load/watches.load.ts') },
  { number: 92, name: 'mounts', proof: program('load/mounts.load.ts') },
  { number: 93, name: 'stalled', proof: program('load/stalled.load.ts') },
  { number: 94, name: 'backendAway', proof: program('load/backendAway.load.ts') },
  { number: 95, name: 'tables', proof: program('load/tables.load.ts') },
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
