// Waiting, for a suite that knows no test runner: over a clock that can be moved, or in real time.
import { systemClock } from '../clock'
import { hold } from './fact'

/** What a clock that a suite moves has to have: a `ManualClock`, or one of your own. */
export interface MovableClock {
  /** Moves time on, and lets what falls due happen. */
  advance(ms: number): Promise<void>
}

/** How a suite waits. */
export interface Pace {
  /** Waits until it is so, a few seconds at most; then rejects with the sentence. */
  until(isSo: () => boolean | Promise<boolean>, sentence: string): Promise<void>
  /** Lets time pass: all of it on a clock that can be moved, as it comes on the machine's. */
  pass(ms: number): Promise<void>
}

/** Within this, what was told is heard. */
const DEADLINE_MS = 5_000
const STEP_MS = 10

/** @param clock absent: real time passes */
export function paceOf(clock?: MovableClock): Pace {
  const pass = (ms: number) => clock?.advance(ms) ?? new Promise<void>((resolve) => void systemClock.after(ms, resolve))
  return {
    pass,
    async until(isSo, sentence) {
      for (let waited = 0; waited <= DEADLINE_MS; waited += STEP_MS) {
        if (await isSo()) return
        await pass(STEP_MS)
      }
      hold(false, sentence)
    },
  }
}
