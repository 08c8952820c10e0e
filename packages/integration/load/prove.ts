// A case comes in; its proof is run in a process of its own, and what it printed and whether it holds come out.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { table } from '../bench/table'
import type { Case } from './cases'

/** What came of it. */
export interface Outcome {
  readonly holds: boolean
  readonly output: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** What takes longer is ended, and does not hold. */
const LONG_MS = 30 * 60_000
const SHORT_MS = 80_000
const FLAGS = ['--expose-gc', '--conditions=@progress/source', '--import', 'tsx']

/** Runs the proof of a case. Never rejects: what fails to run does not hold. */
export function prove({ number, name, proof }: Case, isShort: boolean): Promise<Outcome> {
  if (proof.kind === 'program') {
    const words = (isShort ? proof.short : proof.long) ?? []
    const mostMs = isShort ? SHORT_MS : LONG_MS
    return run(process.execPath, [...FLAGS, `packages/integration/${proof.file}`, ...words], mostMs)
  }
  return proveByTests(`${number}: ${name}, by tests`, proof)
}

interface TestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

async function proveByTests(title: string, { named, files }: Extract<Case['proof'], { kind: 'tests' }>) {
  const args = ['vitest', 'run', '--reporter=json', '-t', named, ...files.map((file) => `packages/${file}`)]
  const { output } = await run('npx', args, LONG_MS)
  const { testResults } = JSON.parse(output.slice(output.indexOf('{'))) as TestReport
  const results = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'skipped' && status !== 'pending')
  const rows = results.map(({ fullName, status }) => ({
    what: fullName,
    ours: status,
    bound: 'passed',
    holds: status === 'passed',
  }))
  const holds = rows.length > 0 && rows.every((row) => row.holds)
  return { holds, output: table(title, rows) }
}

function run(command: string, args: readonly string[], mostMs: number): Promise<Outcome> {
  const bounds = { timeout: mostMs, killSignal: 'SIGKILL' } as const
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...bounds })
  return new Promise((resolve) => {
    let output = ''
    const hear = (chunk: unknown): void => {
      output += String(chunk)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (error) => resolve({ holds: false, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ holds: code === 0, output }))
  })
}
