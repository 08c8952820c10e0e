// What only a real browser does: cookies, offline and online, hidden pages, tabs, a strict policy.
import { comparePositions, parsePosition } from '@progress/protocol'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ClientPage } from '../../support/clientPage'
import type { Recording } from './pages/recorder'

let world: ClientPage
beforeAll(async () => {
  world = await ClientPage.start(new URL('pages/recorder.ts', import.meta.url))
})
afterEach(async () => {
  world.proxy.faults = {}
  await world.proxy.admit()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Begins to watch, and gives access to what the page writes down. */
async function record(page: Page, id: string) {
  await page.waitForFunction(() => 'record' in window)
  await page.evaluate((sessionId) => void window.record(sessionId), id)
  const read = (): Promise<Recording> => page.evaluate(() => (window as unknown as { recording: Recording }).recording)
  return {
    read,
    until: (test: (recording: Recording) => boolean, timeout = 15_000) =>
      expect.poll(async () => test(await read()), { timeout, interval: 50 }).toBe(true),
    connection: () => page.evaluate(() => window.client.connection),
  }
}

function expectGrowing({ positions }: Recording): void {
  const read = positions.map((text) => parsePosition(text))
  const steps = read.slice(1).map((position, i) => {
    const before = read[i]
    return position && before ? comparePositions(position, before) : 0
  })
  expect(steps.every((step) => step > 0)).toBe(true)
}

const newest = ({ shown }: Recording): number => shown.at(-1)?.progress ?? -1

describe('must show 2', () => {
  it('107: all of Socket.IO blocked, then opened: another way within 5 s, push again, one end, positions that only grow', async () => {
    const context = await world.visitor('ada')
    world.proxy.faults = { block: 'socket.io' }
    const work = await world.work('ada', 'blocked')
    const { page, complaints } = await world.tab(context)
    const began = performance.now()
    const seen = await record(page, 'blocked')
    work.task.advance(10)
    await seen.until((recording) => newest(recording) === 10, 5_000)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await seen.connection()).toEqual({ status: 'polling', transport: 'sse' })

    world.proxy.faults = {}
    work.task.advance(10)
    await expect.poll(async () => (await seen.connection()).status, { timeout: 35_000 }).toBe('connected')
    work.task.advance(10)
    await seen.until((recording) => newest(recording) === 30)
    work.finish()
    await seen.until(({ ends }) => ends.length > 0)
    const recording = await seen.read()
    expect([recording.ends, recording.completes]).toEqual([['completed'], [100]])
    expectGrowing(recording)
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('107: WebSocket swallowed, so that the 101 never comes, and no stream either: polling within 5 s', async () => {
    const context = await world.visitor('ada')
    world.proxy.faults = {
      block: 'websocket',
      answer: ({ path }) => (path.startsWith('/api/progress/events') ? { status: 502, body: '<html>no' } : undefined),
    }
    const work = await world.work('ada', 'swallowed')
    const { page } = await world.tab(context)
    const began = performance.now()
    const seen = await record(page, 'swallowed')
    work.task.advance(10)
    await seen.until((recording) => newest(recording) === 10, 5_000)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await seen.connection()).toEqual({ status: 'polling', transport: 'poll' })
    work.finish()
    await seen.until(({ ends }) => ends.length === 1)
    await context.close()
  }, 30_000)
})

describe('a page’s day', () => {
  it('110: offline and online: one connection, and what was missed', async () => {
    const context = await world.visitor('ada')
    const work = await world.work('ada', 'offline')
    const { page } = await world.tab(context)
    const seen = await record(page, 'offline')
    await seen.until((recording) => newest(recording) === 0)
    await context.setOffline(true)
    world.proxy.resetAll('/socket.io/')
    await seen.until(({ connections }) => connections.at(-1)?.status === 'reconnecting')
    work.task.advance(40)
    await context.setOffline(false)
    await seen.until((recording) => newest(recording) === 40)
    await expect.poll(async () => (await seen.connection()).status).toBe('connected')
    expect(world.tracker.getSession('offline')?.progress).toBe(40)
    work.finish()
    await seen.until(({ ends }) => ends.length === 1)
    expectGrowing(await seen.read())
    await context.close()
  }, 30_000)

  it('110: put aside and fetched back: it hangs up meanwhile, and comes back once', async () => {
    const context = await world.visitor('ada')
    const work = await world.work('ada', 'aside')
    const { page } = await world.tab(context)
    const seen = await record(page, 'aside')
    await seen.until((recording) => newest(recording) === 0)
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    await seen.until(({ connections }) => connections.at(-1)?.status === 'reconnecting')
    work.task.advance(55)
    const before = world.proxy.asked('/socket.io/').filter(({ path }) => !path.includes('sid=')).length
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await seen.until((recording) => newest(recording) === 55)
    const after = world.proxy.asked('/socket.io/').filter(({ path }) => !path.includes('sid=')).length
    expect(after - before).toBe(1)
    work.finish()
    await seen.until(({ ends }) => ends.length === 1)
    await context.close()
  }, 30_000)

  it('111: five tabs of one session: each hears exactly one end', async () => {
    const context = await world.visitor('ada')
    const work = await world.work('ada', 'tabs')
    const tabs = await Promise.all(Array.from({ length: 5 }, () => world.tab(context)))
    const all = await Promise.all(tabs.map(({ page }) => record(page, 'tabs')))
    for (const seen of all) await seen.until((recording) => newest(recording) === 0)
    work.task.advance(70)
    work.finish()
    for (const seen of all) {
      await seen.until(({ ends }) => ends.length > 0)
      const recording = await seen.read()
      expect([recording.ends, recording.completes]).toEqual([['completed'], [100]])
      expectGrowing(recording)
    }
    await context.close()
  }, 30_000)

  it('73: a tab of somebody else with the id sees nothing, by whichever way', async () => {
    const context = await world.visitor('bob')
    const work = await world.work('ada', 'foreign')
    const { page } = await world.tab(context)
    const seen = await record(page, 'foreign')
    await expect.poll(async () => (await seen.connection()).status).toBe('connected')
    work.task.advance(10)
    work.finish()
    const own = await world.work('bob', 'own')
    await page.evaluate(() => void window.client.watch('own'))
    await page.waitForFunction(() => window.client.watch('own').state.status === 'active')
    own.finish()
    expect((await seen.read()).shown.map(({ status }) => status)).toEqual(['waiting'])
    await context.close()
  }, 30_000)
})
