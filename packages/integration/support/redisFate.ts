// What becomes of what needs a Redis, where there is none.

/** What becomes of a suite. */
export type Fate = 'run' | 'skip' | 'fail'

/**
 * Without a Redis a suite is skipped at a desk, and fails where its absence would let a gate pass on nothing: with `CI`
 * or `REQUIRE_REDIS`. `''`, `0` and `false` are no.
 */
export function fateOf(env: Readonly<Record<string, string | undefined>>, found: boolean): Fate {
  if (found) return 'run'
  return isYes(env['CI']) || isYes(env['REQUIRE_REDIS']) ? 'fail' : 'skip'
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase())
}
