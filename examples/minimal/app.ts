// Starts the demo of this repository: the script tag's file is made of the source first, as nothing is built here yet.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProgressServer } from '@progress/server'
import { build } from 'esbuild'
import { serveImports } from './server'

/** A demo that runs. */
export interface Demo {
  readonly http: Server
  readonly progress: ProgressServer
}

/** Starts the demo. Rejects where the port is taken. */
export async function startDemo(port: number, msPerHundred?: number): Promise<Demo> {
  const scripts = await mkdtemp(join(tmpdir(), 'progress-minimal-'))
  await build({
    entryPoints: [fileURLToPath(new URL('../../packages/client/src/scriptTag.ts', import.meta.url))],
    bundle: true,
    outfile: join(scripts, 'progress.js'),
    conditions: ['@progress/source'],
  })
  const demo = serveImports(scripts, msPerHundred)
  const tidy = (): void => rmSync(scripts, { recursive: true, force: true })
  demo.http.once('close', tidy)
  process.once('exit', tidy)
  demo.http.listen(port, '127.0.0.1')
  await once(demo.http, 'listening')
  return demo
}
