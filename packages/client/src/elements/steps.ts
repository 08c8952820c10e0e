// The phases as steps: which are behind us, which one it is, which are to come.
import { icon, make, show } from './dom'
import { DRAWINGS } from './face'
import type { Facts, Tone } from './facts'

const DOT = 'M12 12v.01'

/** Shows the steps; touches nothing while they stand as they stood. `done` says aloud what a tick says. */
export function showSteps(list: HTMLElement, names: readonly string[], facts: Facts, done: string): void {
  const present = names.indexOf(facts.phase)
  const now = facts.isOver ? facts.tone : 'run'
  const key = [...names, present, now, done].join()
  if (list.dataset['key'] === key) return
  list.dataset['key'] = key
  show(list, names.length > 1)
  list.replaceChildren(
    ...names.map((name, at) => {
      const tone: Tone = at < present || now === 'ok' ? 'ok' : at > present ? 'wait' : now
      const sign = icon(tone === 'run' || tone === 'wait' ? DOT : DRAWINGS[tone])
      const step = make('li', 'step', { class: `step ${tone}` }, sign, name)
      if (tone === 'ok') step.append(make('span', 'unseen', {}, ` ${done}`))
      if (tone === 'run') step.ariaCurrent = 'step'
      return step
    }),
  )
}
