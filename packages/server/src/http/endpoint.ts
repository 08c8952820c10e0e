// Where the app mounts it: the option comes in, a path below it goes out.

/** Where it is mounted unless the app says otherwise; the client's `endpoint` has the same default. */
export const DEFAULT_ENDPOINT = '/api/progress'

/** Segments that a router can match, each behind a slash; one more slash at the end does no harm. */
const PATH = /^(\/[^/?#\s]+)+\/?$/

/** The option as it is used, without a slash at its end. Throws a `TypeError` that says what to write. */
export function requireEndpoint(endpoint: unknown = DEFAULT_ENDPOINT): string {
  if (typeof endpoint === 'string' && PATH.test(endpoint)) return endpoint.replace(/\/$/, '')
  throw new TypeError(
    "endpoint is the path under which the app mounts it. Write endpoint: '/api/jobs', with a slash before it and " +
      'without host or query, or leave it out where that is /api/progress',
  )
}

/** What is behind the endpoint, wherever that stands: a framework that mounts a router has taken it away already. */
export function belowEndpoint(path: string, endpoint: string): string {
  // Behind the last one, since a prefix is the app's own; asked first, so that an id may be what the mount is called.
  const at = path.lastIndexOf(`${endpoint}/`)
  if (at !== -1) return path.slice(at + endpoint.length)
  return path.endsWith(endpoint) ? '' : path
}
