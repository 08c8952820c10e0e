// What was measured, as rows; a row with a bound says whether it holds, and a bound that does not hold fails the run.
import { percentile } from './measure'

/** One figure. */
export interface Row {
  readonly what: string
  readonly ours: string
  readonly baseline?: string
  /** The bound in words. */
  readonly bound?: string
  readonly holds?: boolean
}

/** The rows as a Markdown table. */
export function table(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, baseline = '', bound = '', holds }) => {
    const verdict = holds === undefined ? '' : holds ? 'yes' : '**no**'
    return `| ${what} | ${ours} | ${baseline} | ${bound} | ${verdict} |`
  })
  const head = [
    '',
    `### ${title}`,
    '',
    '| what | ours | beside it | bound | holds |',
    '| --- | --- | --- | --- | --- |',
  ]
  return `${[...head, ...lines].join('\n')}\n`
}

/** Prints them; sets a failing exit code where a bound does not hold. */
export function printTable(title: string, rows: readonly Row[]): void {
  process.stdout.write(table(title, rows))
  if (rows.some(({ holds }) => holds === false)) process.exitCode = 1
}

/** A number to read: 1,234 or 1.23. */
export function figure(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })}${unit && ` ${unit}`}`
}

/** Times by their shares: the median, the 99th of a hundred, the longest. */
export function spread(times: readonly number[], shares: readonly number[] = [0.5, 0.99, 1]): string {
  return `${shares.map((share) => figure(percentile(times, share))).join(' / ')} ms`
}
