// One HTTP server: the page, its script, and the import over Socket.IO.
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { build } from 'esbuild'
import { serveImport } from './server'

/** Starts the demo; answers its server and how to stop it. Rejects where the port is taken. */
export async function startDemo(port: number, everyMs?: number): Promise<{ http: Server; stop: () => void }> {
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
    const isScript = req.url === '/page.js'
    res.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    res.end(isScript ? script : html)
  })
  const stop = serveImport(http, everyMs)
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })
  return { http, stop }
}
