// Rule 4: the server's parts do not know each other; serve.ts is where they meet.
import { type SourceModule, type SourceTree, sourcesIn, type Violation } from '../model'

const SERVER = 'packages/server/src/'
const PARTS = ['socket', 'http', 'notify', 'guards']
/** Where parts may meet: the wiring, the list of exports, and what is made for tests. */
const MEETING_PLACES = /^packages\/server\/src\/(serve\.ts|index\.ts|testing\/|conformance\/)/

/** `socket/`, `http/`, `notify/`, `guards/` of the server import nothing of each other, and nobody else joins two of them. */
export function siblings(tree: SourceTree): Violation[] {
  return sourcesIn(tree, SERVER)
    .filter((file) => !MEETING_PLACES.test(file.path))
    .flatMap((file) => (partOf(file.path) ? strangers(file) : secondMeetings(file)))
}

function strangers(file: SourceModule): Violation[] {
  const own = partOf(file.path)
  return file.imports.flatMap(({ resolved, line }) => {
    const part = partOf(resolved)
    if (!part || part === own) return []
    const message = `${own}/ does not know ${part}/: say what is needed as an interface here, and let serve.ts pass it in`
    return [{ rule: 4, file: file.path, line, message }]
  })
}

/** A contract's types may be taken from several parts (a Redis backend serves two); their code may not. */
function secondMeetings(file: SourceModule): Violation[] {
  const met = file.imports.flatMap(({ resolved, kind, line }) => {
    const part = kind === 'value' ? partOf(resolved) : undefined
    return part ? [{ part, line }] : []
  })
  const second = met.find(({ part }) => part !== met[0]?.part)
  if (!second) return []
  const message = `${met[0]?.part}/ and ${second.part}/ meet only in serve.ts: wire them there`
  return [{ rule: 4, file: file.path, line: second.line, message }]
}

function partOf(path: string | null): string | undefined {
  return PARTS.find((part) => path?.startsWith(`${SERVER}${part}/`))
}
