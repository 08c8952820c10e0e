// Which codes may be tried again as they stand: a list of its own, so that a page need not carry the whole table.

const RETRYABLE: readonly string[] = [
  'SQLITE_BUSY',
  'NETWORK_ERROR',
  'INTERRUPTED',
  'RATE_LIMITED',
  'LIMIT',
  'SLOW',
  'DRAINING',
  'UNAVAILABLE',
]

/** May the same thing be tried again as it stands? A code of the app's own may not. */
export function isRetryable(code: string): boolean {
  return RETRYABLE.includes(code)
}
