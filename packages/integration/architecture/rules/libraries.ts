// Rule 3: each library has its one place in the house; databases, tokens and metrics have none.
import { type Import, libraryOf, type SourceModule, type SourceTree, sourcesIn, type Violation } from '../model'

const SOCKET_IO = [
  'packages/server/src/socket/',
  'packages/server/src/auth/handshake.ts',
  'packages/server/src/serve.ts',
]
const REACT = 'packages/client/src/react/'
const SOCKET_CLIENT = 'packages/client/src/'
const STRUCTURAL = ['libsql', 'better-sqlite3', 'jose', 'prom-client', 'express', 'express-session']
const STRUCTURAL_SCOPES = ['@redis/', '@libsql/']

/** Where socket.io, socket.io-client and react are imported, and what is imported nowhere, types included. */
export function libraries(tree: SourceTree): Violation[] {
  const strays = sourcesIn(tree).flatMap((file) =>
    file.imports.flatMap((one) => {
      const message = complaint(file.path, one)
      return message === undefined ? [] : [violation(file, one, message)]
    }),
  )
  return [...strays, ...secondSocketClients(tree)]
}

function complaint(path: string, { specifier }: Import): string | undefined {
  const library = libraryOf(specifier)
  if (library === 'socket.io' && !SOCKET_IO.some((place) => path.startsWith(place))) {
    return 'socket.io is imported only in server/src/socket/, auth/handshake.ts and serve.ts: take a structural type, or move this there'
  }
  if (library === 'socket.io-client' && !path.startsWith(SOCKET_CLIENT)) {
    return 'socket.io-client belongs to the client: drive a real client from packages/integration'
  }
  if ((library === 'react' || library === 'react-dom') && !path.startsWith(REACT)) {
    return `react is imported only in ${REACT}: move this there, or do without JSX`
  }
  if (isStructural(library)) {
    return `'${library}' is not imported, types neither: write down the few members that are used as an interface, and take the object as an option`
  }
  return undefined
}

function isStructural(library: string): boolean {
  if (library.startsWith('@progress/')) return false
  if (library.includes('redis') || STRUCTURAL.includes(library)) return true
  return STRUCTURAL_SCOPES.some((scope) => library.startsWith(scope))
}

/** The first of them, those in transport/ before others, is the one that may. */
function secondSocketClients(tree: SourceTree): Violation[] {
  const using = sourcesIn(tree, SOCKET_CLIENT).flatMap((file) => {
    const one = file.imports.find(({ specifier }) => libraryOf(specifier) === 'socket.io-client')
    return one ? [{ file, one }] : []
  })
  const inTransport = using.filter(({ file }) => file.path.startsWith(`${SOCKET_CLIENT}transport/`))
  const owner = inTransport[0] ?? using[0]
  return using.flatMap(({ file, one }) => {
    if (!owner || file === owner.file) return []
    return [violation(file, one, `socket.io-client is imported in one file, ${owner.file.path}: go through it`)]
  })
}

function violation(file: SourceModule, { line }: Import, message: string): Violation {
  return { rule: 3, file: file.path, line, message }
}
