// Many jobs that report at a steady rate: who reports when is decided here, what is said is the caller's.

/** How fast. */
export interface Pace {
  readonly count: number
  readonly everyMs: number
  readonly seconds: number
}

/** Calls `send` for each of so many, every so often; a tenth of them every tenth of the interval, as unrelated jobs would. */
export async function paced(
  { count, everyMs, seconds }: Pace,
  send: (index: number, stamp: string) => void,
): Promise<void> {
  const start = performance.now()
  const rounds = (seconds * 1_000) / everyMs
  for (let round = 0; round < rounds; round++) {
    for (let slice = 0; slice < 10; slice++) {
      for (let index = slice; index < count; index += 10)
        send(index, String(performance.timeOrigin + performance.now()))
      const due = start + round * everyMs + ((slice + 1) * everyMs) / 10
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    }
  }
}
