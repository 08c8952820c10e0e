// The requests on one connection: bytes come in, the same bytes go out, and the head of each request is told before it does.

/** The head of a request. */
export interface RequestHead {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly isUpgrade: boolean
}

const HEAD_END = '\r\n\r\n'

/** Reads along. Bodies have a `Content-Length`; after an upgrade nothing is a request any more. */
export class RequestReader {
  readonly #told: (head: RequestHead) => boolean
  #rest: Buffer = Buffer.alloc(0)
  #bodyBytes = 0
  #isRaw = false
  #isStopped = false

  /** @param told `false`: this request, and what follows, is not handed on */
  constructor(told: (head: RequestHead) => boolean) {
    this.#told = told
  }

  /** What of it may go on. */
  take(chunk: Buffer): Buffer {
    if (this.#isRaw) return chunk
    this.#rest = Buffer.concat([this.#rest, chunk])
    const passed: Buffer[] = []
    while (!this.#isStopped && this.#rest.length > 0) {
      const bytes = this.#next()
      if (bytes === 0) break
      passed.push(this.#rest.subarray(0, bytes))
      this.#rest = this.#rest.subarray(bytes)
    }
    return Buffer.concat(passed)
  }

  /** How many of the bytes at hand may go on. */
  #next(): number {
    if (this.#isRaw) return this.#rest.length
    if (this.#bodyBytes > 0) {
      const bytes = Math.min(this.#bodyBytes, this.#rest.length)
      this.#bodyBytes -= bytes
      return bytes
    }
    const end = this.#rest.indexOf(HEAD_END)
    if (end < 0) return 0
    const text = this.#rest.toString('latin1', 0, end)
    const [method = '', path = ''] = text.split(' ', 2)
    const isUpgrade = /\r\nupgrade: *websocket/i.test(text)
    if (!this.#told({ method, path, isUpgrade })) {
      this.#isStopped = true
      return 0
    }
    this.#isRaw = isUpgrade
    this.#bodyBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0)
    return end + HEAD_END.length
  }
}
