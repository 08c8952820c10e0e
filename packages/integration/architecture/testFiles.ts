// Which test files exist, which of them vitest runs, and which are left over.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TEST = /\.(test|test-d)\.[cm]?[jt]sx?$/
const MAX_BYTES = 64 * 1_024 * 1_024

/** One test file, as `vitest list --json` names it. */
export interface ListedFile {
  readonly file: string
  readonly projectName?: string
}

/** The test files among `files` that no project runs. Both lists hold paths from the root, with `/`. */
export function orphans(files: readonly string[], run: readonly string[]): string[] {
  const known = new Set(run)
  return files.filter((file) => TEST.test(file) && !known.has(file)).sort()
}

/** All files of the repository, those that were not added yet included, those that git ignores not. */
export async function repositoryFiles(root: string): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', args, { cwd: root, maxBuffer: MAX_BYTES })
  const files = new Set(stdout.split('\0').filter((file) => file !== ''))
  return [...files].filter((file) => existsSync(join(root, file))) // a removed file is listed until that is committed
}

/** The test files of all projects, asked of vitest itself. Rejects where it takes longer than `deadlineMs`. */
export async function listedTests(root: string, deadlineMs: number): Promise<ListedFile[]> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run(process.execPath, [vitest, 'list', '--filesOnly', '--json'], {
    cwd: root,
    env: outsideVitest(process.env),
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_BYTES,
  })
  const listed = JSON.parse(stdout) as ListedFile[]
  return listed.map((one) => ({ ...one, file: fromRoot(root, one.file) }))
}

/** A vitest that finds the marks of another around it takes itself for one of its workers. */
function outsideVitest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const marks = ['NODE_ENV', 'MODE', 'DEV', 'PROD', 'TEST', 'SSR', 'BASE_URL']
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('VITEST') && !marks.includes(name))
  return Object.fromEntries(kept)
}

function fromRoot(root: string, file: string): string {
  return (isAbsolute(file) ? relative(root, file) : file).split(sep).join('/')
}
