// The client of elements that were given none: one for each url and endpoint, made when the first of them watches.
import type { ProgressClient } from './progressClient'

/** The client for a place: the same one for the same place. `null`: the client's default. */
export type ClientFor = (url: string | null, endpoint: string | null) => ProgressClient

/** Remembers what `make` made. The clients live as long as the page. */
export function shareClients(make: ClientFor): ClientFor {
  const made = new Map<string, ProgressClient>()
  return (url, endpoint) => {
    const key = JSON.stringify([url, endpoint])
    const client = made.get(key) ?? make(url, endpoint)
    made.set(key, client)
    return client
  }
}
