// A case comes in; its program is run in a process of its own, and what it printed and whether it holds come out.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

/** Runs the program of a case. Never rejects: what fails to run does not hold. */
export function prove({ proof: { file, long = [], short = [] } }: Case, isShort: boolean): Promise<Outcome> {
  const args = [...FLAGS, `packages/integration/${file}`, ...(isShort ? short : long)]
  const bounds = { timeout: isShort ? SHORT_MS : LONG_MS, killSignal: 'SIGKILL' } as const
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...bounds })
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
