// Runs a program and gives what it wrote; a program that fails throws with it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const DEADLINE_MS = 15 * 60_000

/** Runs a program in a folder and gives its standard output. Throws with all its output where it fails or takes too long. */
export async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  try {
    const running = promisify(execFile)(program, args, {
      cwd,
      timeout: DEADLINE_MS,
      maxBuffer: 2 ** 26,
      env: cleanEnv(),
    })
    running.child.stdin?.end()
    return (await running).stdout
  } catch (error) {
    const { stdout = '', stderr = '', killed, message } = error as Error & Partial<Record<string, string>>
    const why = killed ? `ended after ${DEADLINE_MS / 1000} s` : message?.split('\n', 1)[0]
    throw new Error(`${[program, ...args].join(' ')}: ${why}\n${stdout}${stderr}`)
  }
}

/** The environment, without what `npm run` leaves for its own child: another npm would take this repository for its project. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const leftBehind = /^npm_(package_|lifecycle_|command$|config_(local_prefix|global_prefix|prefix|workspace))/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !leftBehind.test(name)))
}
