// What is checked, project by project.
import { strict as assert } from 'node:assert'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command'
import type { Package } from './entries'
import type { Tarball } from './pack'
import { loadPrograms, PROGRAMS } from './programs'
import { Project } from './project'
import type { Report } from './report'
import { compile, type Resolution, TYPESCRIPTS, writeTypes } from './types'
import { NEEDS, PEERS } from './uses'

/** What all projects share. */
export interface Setting {
  readonly report: Report
  readonly folder: string
  readonly packages: readonly Package[]
  readonly tarballs: readonly Tarball[]
}

const NODE_TYPES = '@types/node@20'
const REACT_TYPES = '@types/react@19'
const RESOLUTIONS: readonly Resolution[] = ['node16', 'bundler']

/** A project with everything: all packages, their peers, and each version of TypeScript. Gives it, where it installs. */
export async function checkFull({ report, folder, packages, tarballs }: Setting): Promise<Project | undefined> {
  const project = new Project(join(folder, 'full'))
  const peers = Object.entries(PEERS).map(([peer, version]) => `${peer}@${version}`)
  const compilers = Object.entries(TYPESCRIPTS).map(([alias, version]) => `${alias}@npm:${version}`)
  const installs = [...tarballs.map(({ path }) => path), ...peers, REACT_TYPES, NODE_TYPES, ...compilers]
  if (!(await report.step('full: npm install', () => project.install(...installs)))) return undefined

  const entries = packages.flatMap((one) => one.entries)
  writePrograms(project, loadPrograms(entries, 'present'))
  await checkPrograms(report, project, 'full')
  for (const resolution of RESOLUTIONS) writeTypes(project, resolution, entries, { resolution, program: true })
  for (const [alias, version] of Object.entries(TYPESCRIPTS)) {
    for (const resolution of RESOLUTIONS) {
      await report.step(`full: ${version} ${resolution}`, () => compile(project, resolution, alias))
    }
  }
  await report.step('full: the compiled program runs', async () => {
    await project.run(process.execPath, 'node16/out/typed.js')
    await project.run(process.execPath, 'node16/out/typed.cjs')
  })
  await checkCommand(report, project)
  return project
}

/** A project with nothing but the packages: no entry may need a peer that it calls optional. */
export async function checkBare({ report, folder, packages, tarballs }: Setting): Promise<void> {
  const project = new Project(join(folder, 'bare'))
  const installs = [...tarballs.map(({ path }) => path), NODE_TYPES, `typescript-5@npm:${TYPESCRIPTS['typescript-5']}`]
  if (!(await report.step('bare: npm install', () => project.install(...installs)))) return
  await report.step('bare: no optional peer came along', () => {
    const there = Object.keys(PEERS).filter((peer) => existsSync(project.installed(peer)))
    assert.deepEqual(there, [])
  })

  writePrograms(
    project,
    loadPrograms(
      packages.flatMap((one) => one.entries),
      'absent',
    ),
  )
  await checkPrograms(report, project, 'bare')
  const entriesBut = (name: string): string[] =>
    packages.flatMap((one) => (one.name === name ? [] : one.entries)).filter((entry) => !(entry in NEEDS))
  // A server has no page's types, and a page none of Node's.
  writeTypes(project, 'server', entriesBut('@progress/client'), { resolution: 'node16', lib: ['ES2022'] })
  writeTypes(project, 'page', entriesBut('@progress/server'), { resolution: 'node16', types: [] })
  await report.step("bare: types of a server, without a page's", () => compile(project, 'server'))
  await report.step("bare: types of a page, without Node's", () => compile(project, 'page'))
}

/** Runs the programs of a project under another version of Node, which comes from npm. */
export async function checkNode({ report, folder }: Setting, version: string, full: Project): Promise<void> {
  const project = new Project(join(folder, `node-${version}`))
  const node = project.installed('node/bin/node')
  const installed = await report.step(`node ${version}: npm install`, async () => {
    await project.install(`node@${version}`)
    const running = await run(folder, node, '--version')
    assert.ok(running.startsWith(`v${version}.`), `is ${running}`)
  })
  if (installed) await checkPrograms(report, full, `node ${version}`, node)
}

function writePrograms(project: Project, programs: Record<string, string>): void {
  for (const [path, text] of Object.entries(programs)) project.write(path, text)
}

async function checkPrograms(report: Report, project: Project, name: string, node = process.execPath): Promise<void> {
  for (const [kind, path] of Object.entries(PROGRAMS)) {
    await report.step(`${name}: ${kind}, every entry, one copy of each class`, () => project.run(node, path))
  }
}

async function checkCommand(report: Report, project: Project): Promise<void> {
  const command = (...args: string[]): Promise<string> =>
    project.run('npx', '--offline', '--no-install', 'progress-protocol', ...args)
  await report.step('full: progress-protocol --help', async () => {
    assert.match(await command('--help'), /progress-protocol/)
  })
  await report.step('full: progress-protocol schema prints JSON', async () => {
    assert.equal(typeof JSON.parse(await command('schema')), 'object')
  })
}
