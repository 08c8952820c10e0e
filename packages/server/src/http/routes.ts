// The map of the endpoint: a path below the mount comes in, what is meant by it goes out.

/** A place of the endpoint. */
export type Route =
  | { readonly name: 'list' | 'events' | 'health'; readonly methods: readonly string[] }
  | { readonly name: 'session'; readonly sessionId: string; readonly methods: readonly string[] }

const READ: readonly string[] = Object.freeze(['GET', 'HEAD', 'OPTIONS'])
const READ_AND_CANCEL: readonly string[] = Object.freeze(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/** What a path means; `null` for one that is not ours. Whether an id is one is not decided here. */
export function routeOf(path: string): Route | null {
  if (path === '') return { name: 'list', methods: READ }
  if (path === 'events' || path === 'health') return { name: path, methods: READ }
  return path.includes('/') ? null : { name: 'session', sessionId: decoded(path), methods: READ_AND_CANCEL }
}

/** The text of a path segment; `''`, which is no id, where it cannot be decoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
