// `npm run readme`: follows the README's commands in order, in a clone and in an empty folder, as a newcomer would.
import { strict as assert } from 'node:assert'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fencesOf } from '../snippets/fences'
import { freePort } from '../support/freePort'
import { cleanEnv, run } from './command'
import { Report } from './report'

const ROOT = join(import.meta.dirname, '../../..')
const START_MS = 120_000
const RECORDED = '{"event":"progress-gone","payload":{"sessionId":"a","code":"NOT_FOUND"}}\n'

/** Its certificate was made just now, and nobody has signed it. */
const ASK = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
fetch(process.argv[1], { redirect: 'manual' }).then(({ status }) => console.log(status))`

/** One line of a block, and whether it belongs to the reader's own project. */
interface Command {
  readonly line: string
  readonly isInProject: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'readme-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const report = new Report()
const [clone, project] = [join(folder, 'clone'), join(folder, 'project')]
await run(folder, 'git', 'clone', '--quiet', ROOT, clone)
mkdirSync(project)
writeFileSync(join(project, 'recorded.ndjson'), RECORDED)
for (const command of commands()) await report.step(command.line, () => follow(command))
process.exitCode = report.close()

function commands(): Command[] {
  const readme = { path: 'README.md', text: readFileSync(join(ROOT, 'README.md'), 'utf8') }
  const blocks = fencesOf(readme).filter(({ language }) => language === 'sh')
  const lines = blocks.flatMap(({ code }) => code.split('\n'))
  return lines.map((line) => ({
    line: line.replace(/\s+#.*$/, ''),
    isInProject: /# in your project|^npx progress-protocol/.test(line),
  }))
}

async function follow({ line, isInProject }: Command): Promise<void> {
  if (isInProject) {
    const tarballs = readdirSync(clone).filter((file) => file.endsWith('.tgz'))
    for (const file of tarballs) copyFileSync(join(clone, file), join(project, file))
  }
  const cwd = isInProject ? project : clone
  if (line.endsWith('npm start')) await start(cwd, line)
  else await run(cwd, 'sh', '-c', line)
}

/** What is started says where it is, answers there, and ends when it is told to. */
async function start(cwd: string, line: string): Promise<void> {
  const env = { ...cleanEnv(), PORT: String(await freePort()) }
  const child = spawn('sh', ['-c', line], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await addressOf(child)
    const status = await run(cwd, 'node', '--no-warnings', '-e', ASK, url)
    assert.match(status.trim(), /^(?:200|302|303)$/)
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  const deadline = AbortSignal.timeout(START_MS)
  let said = ''
  while (child.stdout && !deadline.aborted) {
    const [chunk] = (await once(child.stdout, 'data', { signal: deadline })) as [Buffer]
    said += chunk.toString()
    const url = said.match(/https?:\/\/localhost:\d+/)?.[0]
    if (url) return url
  }
  throw new Error(`no address was printed: ${said}`)
}
