// What modal, meter and tray have in common: an icon, a bar, and lines of text; only what has changed is touched.
import { draw, fill, icon, make, mark } from './dom'
import type { Facts, Lines, Tone } from './facts'
import { joinTexts } from './reading'

/** What is drawn for each tone. */
export const DRAWINGS: { readonly [T in Tone]: string } = Object.freeze({
  wait: 'M12 3a9 9 0 1 0 .01 0M12 7v5l3 2',
  run: 'M12 3a9 9 0 1 1-9 9',
  warn: 'M12 5v9M12 18.5v.01',
  ok: 'M5 12.5l4.5 4.5L19 7.5',
  bad: 'M12 5v9M12 18.5v.01',
  off: 'M6 12h12',
})

/** A face that can change. */
export interface Face {
  readonly icon: HTMLElement
  readonly bar: HTMLElement
  /** Shows the lines in their places, and the mood on `root`. */
  update<L extends keyof Lines>(root: Element, places: Readonly<Record<L, HTMLElement>>, facts: Facts): void
}

/** An icon and a bar without a value. */
export function makeFace(): Face {
  const sign = icon('')
  const done = make('div', 'fill')
  const bar = make('div', 'bar', { role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' }, done)
  return {
    ...{ icon: sign, bar },
    update(root, places, facts) {
      const { mood, tone, percent, title, value, units, line } = facts
      const isKnown = percent !== undefined
      mark(root, { class: `${root.part} ${mood}` })
      draw(sign, DRAWINGS[tone])
      mark(bar, {
        'aria-label': title,
        'aria-valuenow': isKnown ? `${Math.floor(percent)}` : null,
        'aria-valuetext': joinTexts(', ', value || line, units),
      })
      // By the object model, not as a `style` attribute, which a strict Content-Security-Policy forbids.
      const width = isKnown ? `${percent}%` : ''
      if (done.style.inlineSize !== width) done.style.inlineSize = width
      fill(places, facts)
    },
  }
}
