// `npm start`: starts the demo, and says where it is and how to get in. `--http`: without TLS. `--fast`: at full speed.
import { USERS } from './routes/users'
import { startDemo } from './start'

const port = Number(process.env['PORT'] ?? 3000)
const isPlain = process.argv.includes('--http')
const paceMs = process.argv.includes('--fast') ? 0 : 30
const folder = new URL('.data', import.meta.url).pathname

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

try {
  const demo = await startDemo({ port, folder, isPlain, paceMs })
  say('', `  Open    ${demo.url}`, ...USERS.map(({ name, password }) => `  Log in  ${name} / ${password}`), '')
  if (isPlain) say('  Plain http: good enough on this machine, and for nothing else.')
  else {
    say('  The certificate was made just now, so the browser will warn: choose “Advanced”, then “Proceed”.')
    say('  Where it does not let you: npm start -- --http')
  }
  say('  PORT=… for another port, --fast for full speed, Ctrl+C ends it.', '')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.close())
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  say(isTaken ? `Port ${port} is taken. Choose another: PORT=3001 npm start` : String(error))
  process.exitCode = 1
}
