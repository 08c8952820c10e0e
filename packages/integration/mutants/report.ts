// What became of each mutant comes in; a table, the list of those that no test failed for, and whether the bound holds go
// out.

/** A changed place, as far as it is told. */
export interface Mutant {
  readonly fileName: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: { readonly line: number; readonly column: number } }
  readonly status: string
  /** Why a test failed. */
  readonly statusReason?: string
}

/** The report. */
export interface Report {
  readonly lines: readonly string[]
  /** Every file reaches the bound, and has mutants at all: one that was renamed has none. */
  readonly holds: boolean
}

type Fate = 'killed' | 'timeout' | 'survived' | 'never run'

/** Reports on these files; `bound` is of 100. */
export function report(files: readonly string[], mutants: readonly Mutant[], bound: number): Report {
  const perFile = files.map((file) => ({ file, its: mutants.filter(({ fileName }) => fileName === file) }))
  const all = perFile.flatMap(({ its }) => its)
  return {
    lines: [
      '| file | mutants | killed | survived | timeout | score |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      ...perFile.map(({ file, its }) => row(file, its)),
      row('all', all),
      '',
      ...(['survived', 'never run', 'timeout'] as const).flatMap((fate) => listed(fate, all)),
    ],
    holds: perFile.every(({ its }) => scoreOf(its) >= bound),
  }
}

/** A test that failed because it never came to its end is no more than a timeout. */
function fateOf({ status, statusReason = '' }: Mutant): Fate {
  if (status === 'Killed') return statusReason.startsWith('Test timed out') ? 'timeout' : 'killed'
  if (status === 'Timeout') return 'timeout'
  return status === 'NoCoverage' ? 'never run' : 'survived'
}

function of(mutants: readonly Mutant[], fate: Fate): readonly Mutant[] {
  return mutants.filter((mutant) => fateOf(mutant) === fate)
}

/** Of 100; what loops for ever was noticed, too. */
function scoreOf(mutants: readonly Mutant[]): number {
  const noticed = of(mutants, 'killed').length + of(mutants, 'timeout').length
  return mutants.length === 0 ? 0 : (100 * noticed) / mutants.length
}

function row(file: string, mutants: readonly Mutant[]): string {
  const [killed, timeout] = [of(mutants, 'killed').length, of(mutants, 'timeout').length]
  const survived = mutants.length - killed - timeout
  return `| ${file} | ${mutants.length} | ${killed} | ${survived} | ${timeout} | ${scoreOf(mutants).toFixed(1)} % |`
}

function listed(fate: Fate, mutants: readonly Mutant[]): string[] {
  return of(mutants, fate).map(({ fileName, location: { start }, mutatorName, replacement = '' }) => {
    return `${fate}: ${fileName}:${start.line}:${start.column} ${mutatorName} ${replacement.replace(/\s+/g, ' ')}`
  })
}
