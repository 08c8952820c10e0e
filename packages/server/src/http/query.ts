// The query string, read strictly: what is asked for twice or makes no sense is remembered as bad; unknown names are passed over.
import { isSessionId, LIMITS, type Positioned, parsePosition } from '@progress/protocol'

/** Longest query, in characters as they were sent. */
const QUERY_CHARS = 8_192
const WAIT = /^(?:0|[1-9][0-9]?)$/

/** One request's query. Read all that is wanted, then ask whether it was well formed. */
export class Query {
  readonly #params: URLSearchParams
  #bad: boolean

  constructor(query: string) {
    this.#bad = query.length > QUERY_CHARS
    this.#params = new URLSearchParams(this.#bad ? '' : query)
  }

  /** Nothing that was read so far was bad. */
  get isWellFormed(): boolean {
    return !this.#bad
  }

  /** `wait`, given in whole seconds; 0 where it is absent. */
  waitMs(): number {
    const text = this.#one('wait')
    if (text === undefined) return 0
    const ms = Number(text) * 1_000
    return WAIT.test(text) && ms <= LIMITS.longPollMs ? ms : this.#isBad(0)
  }

  /** `since`, a position. */
  since(): Positioned | undefined {
    const text = this.#one('since')
    return text === undefined ? undefined : (parsePosition(text) ?? this.#isBad(undefined))
  }

  /** `since=ID@POSITION`, as often as there are sessions. */
  sinceEach(): ReadonlyMap<string, Positioned> {
    const each = this.#params.getAll('since').map(readPlace)
    if (each.length > LIMITS.syncEntries) this.#bad = true
    return new Map(each.flatMap((place) => (place ? [place] : this.#isBad([]))))
  }

  /** `ids`, 1 to 100 of them with commas between; each once. */
  ids(): readonly string[] | undefined {
    const text = this.#one('ids')
    if (text === undefined) return undefined
    const ids = [...new Set(text.split(','))]
    return ids.length <= LIMITS.watchedPerConnection && ids.every(isSessionId) ? ids : this.#isBad([])
  }

  /** `mine=1`. */
  mine(): boolean {
    const text = this.#one('mine')
    return text === '1' || (text === undefined ? false : this.#isBad(false))
  }

  /** `reason`, for a person. */
  reason(): string | undefined {
    const text = this.#one('reason')
    if (text === undefined || text === '') return undefined
    return [...text].length <= LIMITS.reasonChars ? text : this.#isBad(undefined)
  }

  #one(name: string): string | undefined {
    const [first, ...others] = this.#params.getAll(name)
    return others.length === 0 ? first : this.#isBad(undefined)
  }

  #isBad<T>(instead: T): T {
    this.#bad = true
    return instead
  }
}

/** `ID@EPOCH.REVISION`, which is also the id of a server-sent event; `undefined` where it is none. */
export function readPlace(text: string): readonly [sessionId: string, position: Positioned] | undefined {
  const at = text.lastIndexOf('@')
  const sessionId = text.slice(0, Math.max(0, at))
  const position = parsePosition(text.slice(at + 1))
  return position && isSessionId(sessionId) ? [sessionId, position] : undefined
}

/** Does `If-None-Match` name this tag? Weak tags, lists and `*` are understood. */
export function namesTag(header: string | null, tag: string): boolean {
  if (header === null) return false
  return header.split(',').some((one) => {
    const named = one.trim().replace(/^W\//, '')
    return named === '*' || named === `"${tag}"`
  })
}
