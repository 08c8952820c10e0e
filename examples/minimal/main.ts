// `npm start -w example-minimal`: serves the demo and says where.
import type { AddressInfo } from 'node:net'
import { startDemo } from './app'

const port = Number(process.env['PORT'] ?? 3000)
try {
  const { http, progress } = await startDemo(port)
  const url = `http://localhost:${(http.address() as AddressInfo).port}`
  process.stdout.write(`Open ${url} (PORT=… for another port, Ctrl+C ends it)\n`)
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void progress.close().then(() => process.exit()))
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  process.stderr.write(inUse ? `Port ${port} is taken. Choose another: PORT=3001 npm start\n` : `${String(error)}\n`)
  process.exitCode = 1
}
