// The places of two list schemas (the arguments of a command) come in, what differs between them goes out.
import { acceptsAllJson } from './anyJson'
import { breaking, type Comparison, type Finding, harmless, within } from './finding'
import type { CompareSchemas } from './properties'

type Keywords = { readonly [keyword: string]: unknown }

/** What differs in `prefixItems`. A new place behind the others is harmless where it may be left out. */
export function compareTuples(before: Keywords, after: Keywords, at: Comparison, compare: CompareSchemas): Finding[] {
  const [old, now] = [placesOf(before), placesOf(after)]
  const needed = typeof after['minItems'] === 'number' ? after['minItems'] : 0
  const isOpen = acceptsAllJson(before['items'], at.oldRoot)
  return Array.from({ length: Math.max(old.length, now.length) }, (_, place) => {
    const inside = within(at, String(place))
    if (place >= now.length) return [breaking(inside.path, 'this place in the list was removed')]
    if (place < old.length) return compare(old[place], now[place], inside)
    if (place < needed) return [breaking(inside.path, 'a new required place in the list')]
    if (isOpen) return [harmless(inside.path, 'a new optional place at the end of the list')]
    return [breaking(inside.path, 'a new optional place in the list, where the other version expects something else')]
  }).flat()
}

function placesOf(keywords: Keywords): readonly unknown[] {
  return Array.isArray(keywords['prefixItems']) ? keywords['prefixItems'] : []
}
