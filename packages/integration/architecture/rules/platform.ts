// Rule 6: console, clock and chance are nowhere in the source; who uses the library passes them in.
import ts from 'typescript'
import { type GlobalUse, globalsIn } from '../globals'
import { lineOf, type SourceModule, type SourceTree, sourcesIn, type Violation } from '../model'

const CLOCK = 'packages/protocol/src/clock.ts'
/** Runs in browsers only, where it shows dates to people. */
const ELEMENTS = 'packages/client/src/elements/'
/** Where what is passed in comes from: the jitter of dialling need not be unguessable. */
const CHANCE = 'packages/client/src/client.ts'
/** Prints for whoever switched it on in their own browser. */
const DEBUG = 'packages/client/src/debug.ts'
const TIMERS = ['setTimeout', 'setInterval', 'AbortSignal.timeout']
const TIME = ['Date.now', 'performance.now', 'process.hrtime']
const TIME_MODULES = /^(node:)?(timers|timers\/promises|perf_hooks)$/
const TAKE_CLOCK = 'take a `Clock` as an option (`systemClock` of @progress/protocol is its default)'

/** No `console`, and no clock or chance but through what is passed in. `node:crypto` may be used: ids must not be guessable. */
export function platform(tree: SourceTree): Violation[] {
  return sourcesIn(tree).flatMap((file) => [...usesOf(file), ...modulesOf(file)])
}

function usesOf(file: SourceModule): Violation[] {
  return globalsIn(file.syntax).flatMap((use) => {
    const message = complaint(file.path, use)
    return message === undefined ? [] : [{ rule: 6, file: file.path, line: lineOf(use.node), message }]
  })
}

function modulesOf(file: SourceModule): Violation[] {
  return file.imports.flatMap(({ specifier, kind, line }) => {
    if (kind === 'type' || !TIME_MODULES.test(specifier)) return []
    return [{ rule: 6, file: file.path, line, message: `no '${specifier}': ${TAKE_CLOCK}` }]
  })
}

function complaint(path: string, use: GlobalUse): string | undefined {
  const means = (names: readonly string[]): boolean =>
    names.some((name) => use.name === name || use.name.startsWith(`${name}.`))
  if (use.name === 'console.debug' && path === DEBUG) return undefined
  if (use.name === 'Math.random' && path === CHANCE) return undefined
  if (means(['console'])) return 'no `console`: emit a signal, or take a logger as an option'
  if (means(['Math.random'])) return 'no `Math.random`: take the random number as an option, and ids from node:crypto'
  if (path === CLOCK) return undefined
  if (means(TIMERS)) return `no \`${use.name}\`: ${TAKE_CLOCK}`
  if (path.startsWith(ELEMENTS)) return undefined
  if (means(TIME)) return `no \`${use.name}\`: ${TAKE_CLOCK}`
  return readsClock(use) ? `no \`Date\` without an argument: ${TAKE_CLOCK}` : undefined
}

/** `new Date()` and `Date()`. */
function readsClock({ name, node }: GlobalUse): boolean {
  let called: ts.Node = node
  while (ts.isPropertyAccessExpression(called.parent)) called = called.parent // globalThis.Date
  const { parent } = called
  if (name !== 'Date' || !(ts.isNewExpression(parent) || ts.isCallExpression(parent))) return false
  return parent.expression === called && (ts.isCallExpression(parent) || !parent.arguments?.length)
}
