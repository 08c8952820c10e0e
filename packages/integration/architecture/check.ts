// All rules over a tree, and how a violation reads.
import type { Rule, SourceTree, Violation } from './model'
import { cycles } from './rules/cycles'
import { deepImports } from './rules/deepImports'
import { importWork } from './rules/importWork'
import { libraries } from './rules/libraries'
import { moduleState } from './rules/moduleState'
import { packageBounds } from './rules/packageBounds'
import { platform } from './rules/platform'
import { pureFiles } from './rules/pureFiles'
import { reactFolder } from './rules/reactFolder'
import { siblings } from './rules/siblings'
import { tracker } from './rules/tracker'

/** The rules over source, each with what it demands. Rule 8 reads a page, and is in `protocolPage`. */
export const RULES: readonly (readonly [demand: string, rule: Rule])[] = [
  ['rule 1: protocol imports zod only; client and server import protocol, never each other', packageBounds],
  ['rule 2: session, view, machine and backoff know types and protocol only', pureFiles],
  ['rule 3: socket.io, socket.io-client and react each have their place; databases and tokens have none', libraries],
  ['rule 3: the tracker knows neither sockets, HTTP, backends nor auth', tracker],
  ['rule 4: socket, http, notify and guards meet only in serve.ts', siblings],
  ['rule 5: react uses only what the index of the client exports', reactFolder],
  ['rule 5: packages import each other by their exports', deepImports],
  ['rule 5: there are no import cycles, type imports included', cycles],
  ['rule 6: there is no console, clock or chance in the source', platform],
  ['rule 6: nothing at module level changes', moduleState],
  ['rule 6: importing a file does no work', importWork],
]

/** What all rules find in a tree. */
export function violationsOf(tree: SourceTree): Violation[] {
  return RULES.flatMap(([, rule]) => rule(tree))
}

/** `file:line rule 3: what to do instead`. */
export function describeViolation({ rule, file, line, message }: Violation): string {
  return `${file}:${line} rule ${rule}: ${message}`
}
