// `npm start`: serves the demo and says where.
import { startDemo } from './app'

const port = Number(process.env['PORT'] ?? 3000)
try {
  await startDemo(port)
  process.stdout.write(`Open http://localhost:${port} (PORT=… for another port, Ctrl+C ends it)\n`)
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  process.stderr.write(inUse ? `Port ${port} is taken. Choose another: PORT=3001 npm start\n` : `${String(error)}\n`)
  process.exitCode = 1
}
