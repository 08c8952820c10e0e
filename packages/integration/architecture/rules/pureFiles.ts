// Rule 2: the pure cores know types, protocol and each other only, so that a table of inputs and outputs can test all of them.
import { posix } from 'node:path'
import { type GlobalUse, globalsIn } from '../globals'
import { type Import, lineOf, type SourceModule, type SourceTree, type Violation } from '../model'

/** Pure file -> the file beside whose existence it must exist: renamed, it would slip out of the rule unseen. */
const PURE: Readonly<Record<string, string>> = {
  'packages/server/src/tracker/session.ts': 'packages/server/src/serve.ts',
  'packages/client/src/sessions/view.ts': 'packages/client/src/client.ts',
  'packages/client/src/connection/machine.ts': 'packages/client/src/client.ts',
  'packages/client/src/connection/backoff.ts': 'packages/client/src/client.ts',
}

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame']
const CHANCE = ['Math.random', 'crypto']
const TIME = ['Date', 'performance']
const WORLD = [
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'process', 'console'],
  ...['localStorage', 'sessionStorage', 'document', 'navigator', 'window', 'self', 'globalThis', 'global'],
]

/** `session.ts`, `view.ts`, `machine.ts`, `backoff.ts`: no timers, no Date, no chance, no I/O. */
export function pureFiles(tree: SourceTree): Violation[] {
  return Object.entries(PURE).flatMap(([path, companion]) => {
    const file = tree.files.get(path)
    if (file) return [...impureImports(file), ...impureGlobals(file)]
    if (!tree.files.has(companion)) return []
    const message = `the pure core ${path} is gone: put it back, or write its new name into the rule`
    return [{ rule: 2, file: companion, line: 1, message }]
  })
}

function impureImports(file: SourceModule): Violation[] {
  return file.imports.flatMap((one) => {
    const message = isPure(one, file.path)
      ? one.names.includes('systemClock') && 'a pure file has no clock: take the time as an argument'
      : `a pure file imports types, @progress/protocol and other pure files only: use \`import type\`, or move what needs '${one.specifier}' out`
    return message ? [{ rule: 2, file: file.path, line: one.line, message }] : []
  })
}

function isPure({ kind, specifier }: Import, from: string): boolean {
  if (kind === 'type') return true
  if (specifier.startsWith('.')) return Object.hasOwn(PURE, `${posix.join(posix.dirname(from), specifier)}.ts`)
  return specifier === '@progress/protocol' || specifier.startsWith('@progress/protocol/')
}

function impureGlobals(file: SourceModule): Violation[] {
  return globalsIn(file.syntax).flatMap((use) => {
    const instead = insteadOf(use)
    if (!instead) return []
    return [
      { rule: 2, file: file.path, line: lineOf(use.node), message: `no \`${use.name}\` in a pure file: ${instead}` },
    ]
  })
}

function insteadOf(use: GlobalUse): string | undefined {
  const means = (names: readonly string[]): boolean =>
    names.some((name) => use.name === name || use.name.startsWith(`${name}.`))
  if (means(TIMERS)) return 'answer with an effect, and let the driver wait'
  if (means(TIME)) return 'take the time as an argument'
  if (means(CHANCE)) return 'take the random number as an argument'
  if (means(WORLD) || WORLD.includes(use.root)) return 'answer with an effect, and let the caller act'
  return undefined
}
