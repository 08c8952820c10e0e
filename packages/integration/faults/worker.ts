// A process of its own that plays runs, some at once, and tells what came of each; at the end, what was left behind.
import { bare } from './bare'
import { ours } from './ours'
import { type Outcome, playAll } from './play'

/** What a worker is asked for. */
export interface Ask {
  readonly party: 'ours' | 'bare'
  readonly seeds: readonly number[]
  readonly atOnce: number
}

/** What it says. */
export type Told =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'done'; readonly leftovers: readonly string[] }

process.once('message', ({ party: name, seeds, atOnce }: Ask) => {
  void (async () => {
    const party = await { ours, bare }[name]()
    await playAll(seeds, party, atOnce, (outcome) => tell({ kind: 'outcome', outcome }))
    tell({ kind: 'done', leftovers: await party.leftovers() })
    await party[Symbol.asyncDispose]()
    process.disconnect()
  })()
})
// The parent is gone.
process.on('disconnect', () => process.exit())

function tell(told: Told): void {
  process.send?.(told)
}
