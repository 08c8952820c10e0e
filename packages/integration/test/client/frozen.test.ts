// A client that is frozen while the work ends, as a laptop is whose lid is shut: a process of its own, stopped and woken.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'vitest'
import type { FrozenReport } from '../../support/frozenClient'
import { Site } from '../../support/site'

const within = (timeout: number) => ({ timeout, interval: 20 })

class FrozenClient implements Disposable {
  readonly #child: ChildProcess

  constructor(url: string, id: string) {
    this.#child = fork(new URL('../../support/frozenClient.ts', import.meta.url), [url, id], {
      execArgv: ['--conditions=@progress/source', '--import', 'tsx'],
    })
  }

  async report(): Promise<FrozenReport> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(5_000) })
    this.#child.send('report')
    return (await answer)[0] as FrozenReport
  }

  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  wake(): void {
    this.#child.kill('SIGCONT')
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

describe.concurrent('a client that is frozen while the work ends', () => {
  it('19: hears of the end once when it wakes, its line still being open', async ({ expect }) => {
    await using site = await Site.start()
    const id = site.session()
    using client = new FrozenClient(site.url, id)
    await expect.poll(async () => (await client.report()).status, within(10_000)).toBe('active')
    client.freeze()
    site.tracker.updateProgress(id, 50)
    site.tracker.completeSession(id)
    await site.quiet(500)
    client.wake()
    await expect.poll(async () => (await client.report()).status, within(3_000)).toBe('completed')
    expect(await client.report()).toEqual({ status: 'completed', connection: 'connected', ends: 1, violations: [] })
  })

  it('19: and where the server has given it up meanwhile, and keeps the work no longer at hand', async ({ expect }) => {
    await using site = await Site.start({ io: { pingInterval: 300, pingTimeout: 200 } })
    const id = site.session()
    using client = new FrozenClient(site.url, id)
    await expect.poll(async () => (await client.report()).status, within(10_000)).toBe('active')
    client.freeze()
    await expect.poll(() => site.io.sockets.sockets.size, within(5_000)).toBe(0)
    site.tracker.completeSession(id)
    // The seed forgets a session 5 s after its end.
    await expect.poll(() => site.tracker.getSession(id), within(8_000)).toBeNull()
    client.wake()
    await expect.poll(async () => (await client.report()).status, within(5_000)).toBe('completed')
    await expect.poll(async () => (await client.report()).connection, within(5_000)).toBe('connected')
    expect(await client.report()).toMatchObject({ ends: 1, violations: [] })
  })
})
