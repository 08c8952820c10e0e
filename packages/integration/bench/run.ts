// `npm run bench`: every bench in a process of its own, one after the other; fails where one bound does not hold.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename } from 'node:path'

const here = new URL('.', import.meta.url)
const wanted = process.argv.slice(2)
const benches = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.includes(basename(file, '.bench.ts')))

process.stdout.write(`Node ${process.version}, ${cpus().length} cores\n`)
const flags = ['--expose-gc', '--conditions=@progress/source', '--import', 'tsx']
for (const bench of benches) {
  const { status } = spawnSync(process.execPath, [...flags, new URL(bench, here).pathname], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
