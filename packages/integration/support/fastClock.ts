// The machine's clock, but faster: for what takes minutes in a client's life. Only the client's waits go by it.
import type { Clock } from '@progress/protocol/wire'

/** So many of the client's seconds pass within one. */
export function fastClock(speed: number): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * speed,
    after(ms, run) {
      const timer = setTimeout(run, ms / speed)
      return () => clearTimeout(timer)
    },
  }
}
