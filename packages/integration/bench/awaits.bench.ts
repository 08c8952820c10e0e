// What a job pays that awaits its items one by one: Node follows each promise for the task that runs there.
import { ITEMS } from './awaiting'
import { Child } from './child'
import { median } from './measure'
import { figure, printTable } from './table'

const PAIRS = 16

using counted = new Child<object, { ms: number }>(new URL('awaiting.ts', import.meta.url), ['counted'])
using bare = new Child<object, { ms: number }>(new URL('awaiting.ts', import.meta.url), ['bare'])
const pairs: { ours: number; baseline: number }[] = []
for (let pair = 0; pair <= PAIRS; pair++) {
  const [first, second] = pair % 2 === 0 ? [counted, bare] : [bare, counted]
  const firstMs = (await first.ask({})).ms
  const secondMs = (await second.ask({})).ms
  const [ours, baseline] = pair % 2 === 0 ? [firstMs, secondMs] : [secondMs, firstMs]
  if (pair > 0) pairs.push({ ours, baseline }) // the first does not count
}
const nsOf = (which: 'ours' | 'baseline'): number => (median(pairs.map((pair) => pair[which])) / ITEMS) * 1e6
const ratio = median(pairs.map(({ ours, baseline }) => ours / baseline))

printTable(`A loop that awaits ${ITEMS.toLocaleString('en-US')} items one by one, ${PAIRS} pairs`, [
  {
    what: 'one item, in a job that counts it',
    ours: figure(nsOf('ours'), 'ns'),
    baseline: `without a job ${figure(nsOf('baseline'), 'ns')}, ratio ${figure(ratio)}`,
  },
])
