// Rule 5: files depend on each other in one direction, so that each can be read, and tested, after those below it.
import type { Import, SourceTree, Violation } from '../model'

/** No import cycles, type imports included: one violation per cycle, in the first of its files. */
export function cycles(tree: SourceTree): Violation[] {
  const found: Violation[] = []
  const seen = new Set<string>()
  for (const start of tree.files.keys()) {
    const way = seen.has(start) ? undefined : wayBack(tree, start)
    const [first] = way ?? []
    if (!way || !first) continue
    for (const { resolved } of way) seen.add(resolved)
    const path = [start, ...way.map(({ resolved }) => resolved)].join(' -> ')
    const message = `import cycle ${path}: move what both need into a file below them`
    found.push({ rule: 5, file: start, line: first.line, message })
  }
  return found
}

/** One step of a way: an import whose file is in the tree. */
type Step = Import & { readonly from: string; readonly resolved: string }

/** The shortest way from a file back to itself. */
function wayBack(tree: SourceTree, start: string): Step[] | undefined {
  const steps = stepsFrom(tree, start)
  const way: Step[] = []
  for (let step = steps.get(start); step; step = step.from === start ? undefined : steps.get(step.from))
    way.unshift(step)
  return way.length > 0 ? way : undefined
}

/** Each file that a file leads to -> the step by which it is reached first. */
function stepsFrom(tree: SourceTree, start: string): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>()
  const queue = [start]
  for (const from of queue) {
    for (const one of tree.files.get(from)?.imports ?? []) {
      const { resolved } = one
      if (resolved === null || steps.has(resolved)) continue
      steps.set(resolved, { ...one, from, resolved })
      queue.push(resolved)
    }
  }
  return steps
}
