// Installs the packed packages into projects outside of this repository and uses every entry there.
// Options: `--node 22,24` runs the programs under these versions of Node too, `--keep` leaves the projects in place.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isBuilt, readPackages } from './entries'
import { checkTarballs, pack, type Tarball } from './pack'
import { checkPages } from './pages'
import { Report, write } from './report'
import { checkBare, checkFull, checkNode } from './steps'
import { checkUsers } from './users'
import { unlisted } from './uses'

const { values } = parseArgs({ options: { node: { type: 'string' }, keep: { type: 'boolean', default: false } } })
const versions = values.node?.split(',') ?? []
const packages = readPackages()

if (isBuilt(packages)) {
  const folder = mkdtempSync(join(tmpdir(), 'consumers-'))
  process.once('exit', () => {
    if (values.keep) write(`kept: ${folder}\n`)
    else rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  process.exitCode = await check(folder)
} else {
  write('run npm run build first\n')
  process.exitCode = 1
}

async function check(folder: string): Promise<number> {
  const report = new Report()
  await report.step('every entry and peer has a use', () => {
    const missing = unlisted(
      packages.flatMap(({ entries }) => entries),
      packages.flatMap(({ peers }) => peers),
    )
    if (missing.length > 0) throw new Error(`consumers/uses.ts: ${missing.join('\n')}`)
  })
  const tarballs: Tarball[] = []
  const packed = await report.step('npm pack', async () => tarballs.push(...(await pack(packages, folder))))
  if (!packed) return report.close()
  await report.step('each tarball holds what exports and bin name, and no test', () =>
    checkTarballs(packages, tarballs),
  )
  const setting = { report, folder, packages, tarballs }
  const full = await checkFull(setting)
  await checkBare(setting)
  await checkUsers(setting)
  await checkPages(setting)
  if (full) for (const version of versions) await checkNode(setting, version, full)
  return report.close()
}
