// What progress adds to an import of very many rows: two processes take turns, one with a tracker and a watcher, one without.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Answer, type Ask, ROWS } from './importing'
import { median } from './measure'
import { figure, printTable } from './table'

/** Even, so that each goes first as often; and as many whatever they say, for who stops where it pleases measures nothing. */
const PAIRS = 40
const MOST_MORE = 0.03
const SHORTEST_MS = 1_000

function begin(how: 'watched' | 'bare'): ChildProcess {
  return fork(new URL('importing.ts', import.meta.url), [how], { execArgv: process.execArgv })
}

async function importOnce(child: ChildProcess): Promise<Answer> {
  const answered = once(child, 'message')
  child.send('import' satisfies Ask)
  const [answer] = (await answered) as [Answer]
  return answer
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.send('end' satisfies Ask)
  await gone
}

const watched = begin('watched')
const bare = begin('bare')
await importOnce(watched) // these two do not count
await importOnce(bare)
const pairs: { ours: number; baseline: number; heard: number }[] = []
for (let pair = 0; pair < PAIRS; pair++) {
  const first = pair % 2 === 0 ? await importOnce(watched) : await importOnce(bare)
  const second = pair % 2 === 0 ? await importOnce(bare) : await importOnce(watched)
  const [ours, baseline] = pair % 2 === 0 ? [first, second] : [second, first]
  pairs.push({ ours: ours.ms, baseline: baseline.ms, heard: ours.heard })
}
const more = median(pairs.map(({ ours, baseline }) => ours / baseline)) - 1
await Promise.all([end(watched), end(bare)])

const oursMs = median(pairs.map(({ ours }) => ours))
const baselineMs = median(pairs.map(({ baseline }) => baseline))
const heard = median(pairs.map((pair) => pair.heard))
printTable(`An import of ${ROWS.toLocaleString('en-US')} rows, ${pairs.length} pairs`, [
  {
    what: 'wall time of one that is watched and kept in SQLite',
    ours: figure(oursMs, 'ms'),
    baseline: `without progress ${figure(baselineMs, 'ms')}`,
    bound: `${SHORTEST_MS} ms or more, to say anything`,
    holds: baselineMs >= SHORTEST_MS,
  },
  {
    what: 'what progress adds, by the median of the pairs',
    ours: figure(more * 100, '%'),
    bound: 'at most 3 %',
    holds: more <= MOST_MORE,
  },
  { what: 'updates that the watcher heard of one', ours: figure(heard), bound: '5 or more', holds: heard >= 5 },
])
