// A crowd of clients in another process, by promises.
import { Child } from './child'
import type { Ask, Report } from './clients'

/** Clients in another process. */
export class Crowd extends Child<Ask, Report> {
  constructor() {
    super(new URL('clients.ts', import.meta.url))
  }

  /** Closes all sockets, and ends the process. */
  async end(): Promise<void> {
    await this.ask({ kind: 'end' })
    await this.ended()
  }
}
