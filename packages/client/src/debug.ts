// What the client goes through, on the console of whoever asked for it: `localStorage.progress_debug = 'true'` and a reload.

/** Ours, and the seed's. */
const KEYS = ['progress_debug', 'hextrackr_debug']

/** Says one step. */
export type Trace = (text: string, detail?: unknown) => void

/** Does nothing unless debugging was asked for when it was made. */
export function makeTrace(): Trace {
  if (!isWanted()) return () => {}
  return (text, detail) => {
    // biome-ignore lint/suspicious/noConsole: this is what was asked for
    console.debug(`[progress] ${text}`, ...(detail === undefined ? [] : [detail]))
  }
}

function isWanted(): boolean {
  if (typeof window === 'undefined') return false
  try {
    return KEYS.some((key) => globalThis.localStorage?.getItem(key) === 'true')
  } catch {
    return false // a page may be forbidden to look
  }
}
