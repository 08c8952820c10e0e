// What a conformance suite is made of: named facts that throw a plain sentence where they do not hold.

/** One promise of a contract, and its proof. */
export interface Fact {
  readonly name: string
  /** Rejects with an `Error` that says in one sentence what is broken. */
  run(): Promise<void>
}

/** Throws the sentence unless the condition holds. */
export function hold(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

/** Throws the sentence, with both values as JSON, unless they are alike. The order of an object's keys does not count. */
export function alike(actual: unknown, expected: unknown, sentence: string): void {
  const [is, shouldBe] = [inOrder(actual), inOrder(expected)]
  if (is !== shouldBe) throw new Error(`${sentence}. Expected ${shorten(shouldBe)}, got ${shorten(is)}`)
}

function inOrder(value: unknown): string {
  return JSON.stringify(value, sortKeys) ?? 'undefined'
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)} …` : text
}
