// One HTTP server: the page, its script, and the imports, over Socket.IO and at /api/progress.
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
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
  const html = await readFile(new URL('index.html', import.meta.url), 'utf8')
  const bundle = await build({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    write: false,
    minify: true,
    conditions: ['@progress/source'],
  })
  const script = bundle.outputFiles[0]?.text ?? ''

  const http = createServer((req, res) => {
    if (req.url?.startsWith('/api/progress')) return progress.http(req, res)
    const isScript = req.url === '/page.js'
    res.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    res.end(isScript ? script : html)
  })
  const progress = serveImports(http, msPerHundred)
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })
  return { http, progress }
}
