// What came of all runs: outcomes come in; a table by kind of fault, the bounds, and the seeds of what failed are printed.
import { percentile } from '../bench/measure'
import { figure, printTable } from '../bench/table'
import { KIND_NAMES } from './kinds'
import type { Outcome } from './play'

/** All that is reported. */
export interface Report {
  readonly ours: readonly Outcome[]
  readonly bare: readonly Outcome[]
  /** What our side had not let go of when all was over. */
  readonly leftovers: readonly string[]
  readonly seed: number
  readonly atOnce: number
  readonly processes: number
  readonly tookMs: number
}

const SHOWN = 20

/** Prints it; sets a failing exit code where a bound does not hold. */
export function printReport(report: Report): void {
  const { ours, bare, leftovers, seed, atOnce, processes, tookMs } = report
  const all = total(ours)
  const plain = total(bare)
  print(
    `Node ${process.version}: ${figure(ours.length)} runs over real sockets, ${atOnce} at once in ${processes} processes, ` +
      `${figure(all.faults)} faults, in ${figure(tookMs / 1_000)} s. Seeds ${seed} to ${seed + ours.length - 1}, one for ` +
      `each run; beside them the first ${figure(bare.length)} of these with a bare socket.io-client of a seed-like server. ` +
      'One alone: `npm run faults -- --runs 1 --seed S`.',
  )
  print(
    '\n| fault (case) | runs | faults | lost | doubled | older | untrue | median | p99 | bare: runs | lost | doubled | older |',
  )
  print(`| --- |${' ---: |'.repeat(12)}`)
  for (const kind of KIND_NAMES) {
    const [of, beside] = [ours, bare].map((outcomes) => outcomes.filter((outcome) => outcome.kind === kind)) as [
      Outcome[],
      Outcome[],
    ]
    if (of.length > 0) print(line(kind, of, beside))
  }
  print(line('**all**', ours, bare))
  for (const way of [...new Set(ours.map((outcome) => outcome.way))].sort().reverse()) {
    print(
      line(
        `all, by ${way} first`,
        ours.filter((outcome) => outcome.way === way),
        [],
      ),
    )
  }
  printTable('What must hold after each run', [
    row('ends lost', all.lost, plain.lost),
    row('ends told more than once', all.doubled, plain.doubled),
    row('states shown after a newer one (G1, G5)', all.older, plain.older),
    row('states shown that were never committed so (G2)', all.untrue),
    row('jobs still active, or rooms still entered, when all is over', leftovers.length),
  ])
  const failed = ours.filter(({ words }) => words.length > 0).sort((a, b) => Number(b.isLost) - Number(a.isLost))
  for (const { seed: at, kind, way, words } of failed.slice(0, SHOWN))
    print(`seed ${at} (${kind}, ${way}): ${words.join('; ')}`)
  if (failed.length > SHOWN)
    print(`… and ${failed.length - SHOWN} more: seeds ${failed.slice(SHOWN).map((one) => one.seed)}`)
  for (const word of leftovers.slice(0, SHOWN)) print(`left behind: ${word}`)
}

function line(name: string, ours: readonly Outcome[], bare: readonly Outcome[]): string {
  const [mine, plain] = [total(ours), total(bare)]
  const late = ours.flatMap(({ rightMs }) => (rightMs === undefined ? [] : [rightMs]))
  const beside =
    bare.length > 0
      ? [bare.length, plain.lost, plain.doubled, plain.older].map((each) => figure(each))
      : ['', '', '', '']
  const cells = [
    ...[ours.length, mine.faults, mine.lost, mine.doubled, mine.older, mine.untrue].map((each) => figure(each)),
    ...[0.5, 0.99].map((share) => `${figure(percentile(late, share) / 1_000)} s`),
    ...beside,
  ]
  return `| ${name} | ${cells.join(' | ')} |`
}

function total(outcomes: readonly Outcome[]) {
  const sum = (of: (outcome: Outcome) => number | boolean) => outcomes.reduce((all, one) => all + Number(of(one)), 0)
  return {
    faults: sum(({ faults }) => faults),
    lost: sum(({ isLost }) => isLost),
    doubled: sum(({ isDoubled }) => isDoubled),
    older: sum(({ older }) => older),
    untrue: sum(({ untrue }) => untrue),
  }
}

function row(what: string, ours: number, baseline?: number) {
  return {
    what,
    ours: figure(ours),
    ...(baseline !== undefined && { baseline: figure(baseline) }),
    bound: '0',
    holds: ours === 0,
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
