// The server is killed by SIGKILL while it works, and started again: what is told is the truth.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importRows, reaches, says } from './dialog'
import { picture, Walk } from './walk'

let walk: Walk

beforeAll(async () => {
  walk = await Walk.start(20)
}, 60_000)
afterAll(() => walk?.[Symbol.asyncDispose]())

it('issue 5, 2: an import goes on in a new epoch, and what cannot go on ends as INTERRUPTED', async () => {
  await using tab = await walk.tab('ada')
  const { page } = tab
  await page.evaluate(() => fetch('/api/tidy-ups', { method: 'POST' }))
  const id = await importRows(page, 20_000)
  await reaches(page, 60)
  const before = await stateOf(id)
  const running = (await tidyUps()).filter((end) => end === 'active').length
  expect(running).toBeGreaterThan(3)
  await walk.demo.supervisor.restart()
  const after = await stateOf(id)
  expect(after.epoch > before.epoch).toBe(true)
  expect(after.createdAt).toBeGreaterThan(before.createdAt)
  await says(page, /Completed/)
  await page.locator('#connection', { hasText: 'Live (WebSocket)' }).waitFor()
  expect(walk.rows()).toEqual({ finished: 19_992, all: 19_992 })

  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: /Progress/ }).click()
  const tray = page.locator('progress-tray')
  await tray
    .getByText(/process that did the work is gone/)
    .first()
    .waitFor({ timeout: 45_000 })
  await picture(page, 'interrupted')
  await page.getByRole('button', { name: /running/ }).waitFor({ state: 'hidden' })
  const ends = await tidyUps()
  expect(ends.length).toBe(12)
  expect(ends.filter((end) => end === 'INTERRUPTED').length).toBe(running)
  expect(ends.filter((end) => end === 'completed').length).toBe(12 - running)
  expect(tab.complaints).toEqual([])

  async function tidyUps(): Promise<string[]> {
    const { sessions } = (await page.evaluate(async () => (await fetch('/api/progress')).json())) as {
      sessions: { operation: string; status: string; error?: { code: string } }[]
    }
    return sessions.filter((one) => one.operation === 'tidy-up').map(({ status, error }) => error?.code ?? status)
  }

  async function stateOf(session: string): Promise<{ epoch: string; createdAt: number }> {
    return page.evaluate(async (path) => (await fetch(path)).json(), `/api/progress/${session}`)
  }
}, 90_000)
