// The last lines of a job's output.
import type { LogItem } from '../sessions/watchState'
import { make } from './dom'
import { numberOf, textOf } from './reading'
import type { ProgressTexts } from './texts'

const MAX_LINES = 200 // as many as the server keeps

/** A log that grows. */
export interface LogTail {
  readonly node: HTMLElement
  /** Its heading. */
  readonly title: HTMLElement
  add(item: LogItem, texts: ProgressTexts): void
  clear(): void
}

/** A log without lines, hidden until there is one. */
export function makeLogTail(): LogTail {
  const lines = make('div', 'log-lines')
  const title = make('summary', 'log-title', { id: 'log' })
  // Reachable by keyboard, for it scrolls; not a live region, for a log would never be silent.
  const view = make('div', 'log-view', { role: 'region', tabindex: '0', 'aria-labelledby': 'log' }, lines)
  const node = make('details', 'log', { open: '', hidden: '' }, title, view)
  let last = -1
  const clear = (): void => {
    lines.replaceChildren()
    node.hidden = true
  }
  return {
    ...{ node, title, clear },
    add(item, texts) {
      const isGap = 'gap' in item
      if (!isGap) {
        const number = numberOf(item.line)
        if (number <= last) clear() // a new epoch counts from the start, and so does a new watch
        last = number
      }
      const level = isGap ? 'gap' : textOf(item.level)
      lines.append(
        make('div', 'log-line', { 'data-level': level }, isGap ? texts.gap(numberOf(item.gap)) : textOf(item.text)),
      )
      if (lines.childElementCount > MAX_LINES) lines.firstChild?.remove()
      node.hidden = false
    },
  }
}
