// A client of ioredis without a Redis: the test answers each command.

/** A command that was sent, and what its sender waits for. */
export interface Sent {
  readonly command: readonly string[]
  answer(value: unknown): void
  fail(cause: unknown): void
}

/** Looks like ioredis, and keeps what it is given. */
export class DoubleClient {
  readonly sent: Sent[] = []
  readonly status = 'ready'

  call(...command: string[]): Promise<unknown> {
    return new Promise((answer, fail) => this.sent.push({ command, answer, fail }))
  }

  duplicate(): DoubleClient {
    return new DoubleClient()
  }

  on(): this {
    return this
  }

  subscribe(): Promise<unknown> {
    return new Promise(() => {})
  }

  connect(): Promise<unknown> {
    return Promise.resolve()
  }

  disconnect(): void {}

  /** Answers all that waits. */
  answerAll(value: unknown): void {
    for (const { answer } of this.sent.splice(0)) answer(value)
  }
}
