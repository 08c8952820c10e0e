// Time as an argument: everything that waits takes a `Clock`, so that tests hold the hands.

/** Where time comes from. `systemClock` is the real one; `ManualClock` in `/testing` is moved by hand. */
export interface Clock {
  /** Milliseconds since 1970. May step back when the machine's clock is set. */
  now(): number
  /** Calls `run` once after `ms`. The function that comes back cancels it; calling that twice, or late, is harmless. */
  after(ms: number, run: () => void): () => void
}

/** The machine's clock. Its timers never keep a Node process alive. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  after(ms: number, run: () => void) {
    const timer: unknown = setTimeout(run, ms)
    // A browser's timer is a number, Node's an object that would hold the process open.
    if (isUnrefable(timer)) timer.unref()
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  },
})

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}
