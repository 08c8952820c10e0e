// Counts while somebody else iterates. The source's own promises are handed on: no promise is added per item.

/** How items are counted. */
export interface TrackOptions<T> {
  /** How many units there are in all. An array brings its own. */
  readonly total?: number
  /** What is counted: `rows`, `bytes`. */
  readonly unit?: string
  /** What one item counts. Default 1. */
  readonly size?: (item: T) => number
}

/** Who counts: a task, by its own words. */
export interface Counter {
  begin(total: number | undefined, unit: string | undefined): void
  advance(by: number): void
  /** Throws when the work was cancelled. */
  throwIfCancelled(): void
}

type Source<T> = readonly T[] | Iterable<T> | AsyncIterable<T>

/**
 * Iterates over a source once for each iteration of what comes back. An item counts when the next one is asked for: when
 * the loop's body is done with it. Throws a `TypeError` where the source cannot be iterated.
 */
export function track<T>(
  source: Source<T>,
  counter: Counter | undefined,
  options: TrackOptions<T> = {},
): Iterable<T> | AsyncIterable<T> {
  const { size } = options
  const begin = () => counter?.begin(options.total ?? totalOf(source, size), options.unit)
  if (isAsync(source)) {
    return {
      [Symbol.asyncIterator]() {
        begin()
        return new AsyncCount(source[Symbol.asyncIterator](), counter, size)
      },
    }
  }
  if (isSync(source)) {
    return {
      [Symbol.iterator]() {
        begin()
        return new Count(source[Symbol.iterator](), counter, size)
      },
    }
  }
  throw new TypeError('track() takes an array, an iterable, an async iterable or a Readable')
}

class Count<T> implements IterableIterator<T> {
  #held: T | undefined
  #holds = false

  constructor(
    private readonly source: Iterator<T>,
    private readonly counter: Counter | undefined,
    private readonly size: ((item: T) => number) | undefined,
  ) {}

  next(): IteratorResult<T> {
    if (this.#holds) this.counter?.advance(this.size ? sizeOf(this.#held as T, this.size) : 1)
    this.#holds = false
    try {
      this.counter?.throwIfCancelled()
    } catch (reason) {
      this.#close()
      throw reason
    }
    const result = this.source.next()
    this.#holds = !result.done
    this.#held = result.value
    return result
  }

  return(value?: unknown): IteratorResult<T> {
    this.#holds = false
    this.source.return?.(value)
    return { done: true, value: undefined }
  }

  [Symbol.iterator](): this {
    return this
  }

  /** A loop that is ended by `next` does not call `return`: the source is closed for it. */
  #close(): void {
    try {
      this.source.return?.()
    } catch {
      // the reason to stop is the one to tell
    }
  }
}

class AsyncCount<T> implements AsyncIterableIterator<T> {
  #held: IteratorResult<T> | undefined
  #asked = false

  constructor(
    private readonly source: AsyncIterator<T>,
    private readonly counter: Counter | undefined,
    private readonly size: ((item: T) => number) | undefined,
  ) {}

  next(): Promise<IteratorResult<T>> {
    if (this.#asked) this.#count()
    try {
      this.counter?.throwIfCancelled()
    } catch (reason) {
      return this.#stop(reason)
    }
    const promise = this.source.next()
    this.#asked = true
    // Only who is asked how large an item is has to look into the promise.
    if (this.size) Promise.resolve(promise).then(this.#hold, ignore)
    return promise
  }

  async return(value?: unknown): Promise<IteratorResult<T>> {
    this.#asked = false
    await this.source.return?.(value)
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #hold = (result: IteratorResult<T>): void => {
    this.#held = result
  }

  #count(): void {
    const held = this.#held
    if (!this.size) this.counter?.advance(1)
    else if (held && !held.done) this.counter?.advance(sizeOf(held.value, this.size))
    this.#held = undefined
    this.#asked = false
  }

  /** The same as for a source that does not wait: a stream is destroyed. */
  async #stop(reason: unknown): Promise<never> {
    try {
      await this.source.return?.()
    } catch {
      // the reason to stop is the one to tell
    }
    throw reason
  }
}

function ignore(): void {}

function totalOf<T>(source: Source<T>, size: ((item: T) => number) | undefined): number | undefined {
  if (!Array.isArray(source)) return undefined
  const items: readonly T[] = source
  return size ? items.reduce((sum, item) => sum + sizeOf(item, size), 0) : items.length
}

/** What cannot be measured is no number: the counter puts it aside, and the loop goes on. */
function sizeOf<T>(item: T, size: (item: T) => number): number {
  try {
    return size(item)
  } catch {
    return Number.NaN
  }
}

function isAsync<T>(source: unknown): source is AsyncIterable<T> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source
}

function isSync<T>(source: unknown): source is Iterable<T> {
  return typeof source === 'string' || (typeof source === 'object' && source !== null && Symbol.iterator in source)
}
