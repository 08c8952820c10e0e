// How long a run may take: `--short` is for the gate, which wants to know in seconds whether it still works.

/** Is this the short form? Its figures are of a small load; only what can be counted has bounds there. */
export const isShort = process.argv.includes('--short')

/** One of two, by that. */
export function pick<T>(long: T, short: T): T {
  return isShort ? short : long
}

/** Ours and what stands beside it, one after the other; in the short form, where no times are compared, at once. */
export async function oneAfterTheOther<T>(run: (kind: 'ours' | 'bare') => Promise<T>): Promise<readonly [T, T]> {
  if (isShort) return Promise.all([run('ours'), run('bare')])
  return [await run('ours'), await run('bare')]
}
