// A job that reports a million times without ever letting go: what goes out, what is seen in the end, and what is left.
import { ProgressTracker } from '@progress/server'
import { type DeafServer, deafServer } from './deafServer'
import { heapUsed } from './measure'
import { SeedlikeTracker } from './seedlike'
import { figure, printTable } from './table'

const OPS = 1_000_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function loop(io: DeafServer, update: (progress: number) => unknown) {
  for (let op = 0; op < OPS / 5; op++) update(0) // until the code is warm
  await pause(250) // the window that this opened is over
  io.frames = 0
  const before = heapUsed()
  const start = performance.now()
  for (let op = 1; op <= OPS; op++) update(op / 10_000)
  const ms = performance.now() - start
  const within = io.frames
  await pause(150)
  return { ms, within, frames: io.frames, last: io.last?.progress, grown: heapUsed() - before }
}

const io = deafServer()
const tracker = new ProgressTracker(io as never)
const id = tracker.createSession()
const ours = await loop(io, (progress) => tracker.updateProgress(id, progress))
await tracker.close()

const seedIo = deafServer()
const seedlike = new SeedlikeTracker(seedIo)
const seedId = seedlike.createSession()
const seed = await loop(seedIo, (progress) => seedlike.updateProgress(seedId, progress))

printTable(`${figure(OPS)} updates in a tight loop`, [
  {
    what: 'frames',
    ours: `${ours.within} in ${figure(ours.ms, 'ms')}, ${ours.frames} in all`,
    baseline: `seed-like ${seed.within} in ${figure(seed.ms, 'ms')}, ${seed.frames} in all`,
    bound: 'at most 10 a second, and the last',
    holds: ours.frames <= 2 + Math.ceil(ours.ms / 100),
  },
  {
    what: 'last value that was sent',
    ours: String(ours.last),
    baseline: String(seed.last),
    bound: '100',
    holds: ours.last === 100,
  },
  {
    what: 'heap grown',
    ours: figure(ours.grown / 1024, 'kB'),
    baseline: figure(seed.grown / 1024, 'kB'),
    bound: 'flat (under 200 kB)',
    holds: ours.grown < 200 * 1024,
  },
])
