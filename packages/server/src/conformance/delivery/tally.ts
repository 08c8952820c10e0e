// What a run found: how often each guarantee was put to the test, how often each command was carried out, what was wrong.

/** The guarantees of the delivery contract that a model can see. */
export const GUARANTEES = [
  'G1 monotone',
  'G2 truth',
  'G3a live',
  'G3b after a fault',
  'G3c by asking',
  'G3d after a reconnect',
  'G4 once at most',
  'G4 once at least',
  'G5 final',
  'G6 never silent',
  'G7 isolation',
  'G7 revoked',
  'G8 bounded',
  'flush',
] as const

/** One of them. */
export type Guarantee = (typeof GUARANTEES)[number]

/** Counts over many runs. */
export interface Counts {
  readonly commands: Record<string, number>
  readonly checks: Record<string, number>
}

/** None yet, of all that there are. */
export function noCounts(commands: readonly string[]): Counts {
  const none = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]))
  return { commands: none(commands), checks: none(GUARANTEES) }
}

/** Takes notes of a run. */
export class Tally {
  readonly counts: Counts
  readonly #wrong: string[] = []

  constructor(counts: Counts) {
    this.counts = counts
  }

  /** A guarantee is put to the test; `sentence` says what is wrong where it does not hold. */
  check(guarantee: Guarantee, holds: boolean, sentence: () => string): void {
    const { checks } = this.counts
    checks[guarantee] = (checks[guarantee] ?? 0) + 1
    if (!holds) this.#wrong.push(`${guarantee}: ${sentence()}`)
  }

  /** A command was carried out. */
  ran(command: string): void {
    const { commands } = this.counts
    commands[command] = (commands[command] ?? 0) + 1
  }

  /** Throws the first thing that was wrong, if anything was. */
  verify(): void {
    const [first] = this.#wrong
    if (first !== undefined) throw new Error(first)
  }
}
