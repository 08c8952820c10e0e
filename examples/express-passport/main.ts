// `npm start -w example-express-passport`: the page's script is bundled, everything is served, and two logins are told.
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { serveBackups } from './server'

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
  conditions: ['@progress/source'], // of this repository, where nothing has to be built first
})
const { app, http, progress } = serveBackups()
app.get('/', (_, res) => res.sendFile('index.html', { root: import.meta.dirname }))
app.get('/page.js', (_, res) => void res.type('js').send(outputFiles[0]?.text))
http.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo
  process.stdout.write(`Open http://localhost:${port} and log in: ada / lovelace, or bob / ross\n`)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void progress.close().then(() => process.exit()))
