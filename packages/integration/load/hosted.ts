// A host by promises: a server in a process of its own, with what it holds.
import { Child } from '../bench/child'
import type { HostAsk, HostOptions, Look } from './host'

/** A server in another process. */
export class Hosted extends Child<HostAsk, Look> {
  private constructor(options: HostOptions) {
    super(new URL('host.ts', import.meta.url), [JSON.stringify(options)])
  }

  /** Starts one. */
  static async start(options: HostOptions): Promise<Hosted & { readonly url: string; readonly port: number }> {
    const hosted = new Hosted(options)
    const { port } = await hosted.ask({ kind: 'look' })
    return Object.assign(hosted, { port, url: `http://127.0.0.1:${port}` })
  }

  look(): Promise<Look> {
    return this.ask({ kind: 'look' })
  }

  /** Looks twice a second until it is so, and answers the last look and how long it took; after `withinMs`, as it is. */
  async until(
    isSo: (look: Look) => boolean,
    withinMs: number,
  ): Promise<{ readonly look: Look; readonly tookMs: number }> {
    const start = performance.now()
    for (;;) {
      const look = await this.look()
      const tookMs = performance.now() - start
      if (isSo(look) || tookMs > withinMs) return { look, tookMs }
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
