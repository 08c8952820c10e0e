// Rule 3: the tracker runs in a worker without sockets, HTTP, backend or login, and so knows none of them.
import { type Import, libraryOf, type SourceTree, sourcesIn, type Violation } from '../model'

const SERVER = 'packages/server/src/'
const TRACKER = `${SERVER}tracker/`
const NETWORK = /^(node:)?(https?|http2|net|tls|dgram)$/
/** Inside backend/, what carries the contract out rather than says it. */
const IMPLEMENTATION = /^packages\/server\/src\/backend\/(memory|mirror|lease|[^/]+\/)/

/** `server/src/tracker/**` imports of its siblings only defaults.ts and, by `import type`, observe/ and the backend's contract. */
export function tracker(tree: SourceTree): Violation[] {
  return sourcesIn(tree, TRACKER).flatMap((file) =>
    file.imports.flatMap((one) => {
      const message = complaint(one)
      return message === undefined ? [] : [{ rule: 3, file: file.path, line: one.line, message }]
    }),
  )
}

function complaint({ specifier, resolved, kind }: Import): string | undefined {
  if (NETWORK.test(specifier) || ['engine.io', 'ws'].includes(libraryOf(specifier))) {
    return `the tracker knows no network: emit an event, and let serve.ts connect it to what imports '${specifier}'`
  }
  if (!resolved?.startsWith(SERVER) || resolved.startsWith(TRACKER)) return undefined
  const sibling = resolved.slice(SERVER.length)
  if (sibling === 'defaults.ts') return undefined
  const offersTypes =
    sibling.startsWith('observe/') || (sibling.startsWith('backend/') && !IMPLEMENTATION.test(resolved))
  if (!offersTypes)
    return `the tracker does not know ${sibling}: take what it needs as an option, and let serve.ts pass it in`
  return kind === 'type'
    ? undefined
    : `the tracker takes only types from ${sibling}: use \`import type\`, and take the object as an option`
}
