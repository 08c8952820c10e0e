// What users write: whole programs against the packed packages, compiled strictly and run.
import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { realRedis } from '../support/redis'
import { fateOf } from '../support/redisFate'
import { Project } from './project'
import { write } from './report'
import type { Setting } from './steps'

const PROGRAMS = join(import.meta.dirname, 'fixtures/users')
const INSTALLS = [
  ...['socket.io@4.8.4', 'express@5.3.0', 'express-session@1.19.0', 'csv-parse@6', 'zod@4', 'tsx@4.23.15'],
  ...['ioredis@6.0.0', 'bullmq@6.7.0'],
  ...['@types/express@5.0.6', '@types/express-session@1.19.0', '@types/node@20', 'typescript@5.9.3'],
]
const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
  types: ['node'],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
}

/** Installs the packages into an app's project, compiles the app and runs it. */
export async function checkUsers({ report, folder, tarballs }: Setting): Promise<void> {
  const project = new Project(join(folder, 'users'))
  const installs = [...tarballs.map(({ path }) => path), ...INSTALLS]
  if (!(await report.step('users: npm install', () => project.install(...installs)))) return
  for (const file of readdirSync(PROGRAMS)) project.write(file, readFileSync(join(PROGRAMS, file), 'utf8'))
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  await report.step('users: the programs compile, and their mistakes do not', () =>
    project.run(process.execPath, project.installed('typescript/bin/tsc'), '-p', '.'),
  )
  await report.step('users: the programs run', async () => {
    assert.match(await project.run(process.execPath, '--import', 'tsx', 'main.ts'), /all as promised/)
  })
  await checkOverRedis(report, project)
}

/** The programs of several processes. Without a Redis they are skipped or fail, as its tests are. */
async function checkOverRedis(report: Setting['report'], project: Project): Promise<void> {
  const redis = await realRedis()
  if ('missing' in redis && fateOf(process.env, false) === 'skip') {
    write(`SKIPPED users: the programs over Redis: ${redis.missing}\n`)
    return
  }
  await report.step('users: the programs over Redis run, with BullMQ between two processes', async () => {
    if ('missing' in redis) throw new Error(`${redis.missing}. Install redis-server, or set REDIS_URL`)
    try {
      const wrote = await project.run(process.execPath, '--import', 'tsx', 'several.ts', redis.url)
      assert.match(wrote, /all as promised/)
    } finally {
      await redis.stop()
    }
  })
}
