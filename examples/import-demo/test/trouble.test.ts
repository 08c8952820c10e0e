// The same import while somebody is in its way: no WebSocket, a reload, a second tab, another user, a logout.
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importRows, placeOf, reaches, says } from './dialog'
import { type Tab, Walk } from './walk'

const ROWS = 20_000
const GOOD = 19_992
let walk: Walk

beforeAll(async () => {
  walk = await Walk.start(20)
}, 60_000)
afterAll(() => walk?.[Symbol.asyncDispose]())

it('issue 5, 2: with WebSocket blocked the whole time it is watched to its end', async () => {
  await using tab = await walk.tab('ada')
  await tab.trick('block?what=websocket')
  await tab.page.reload()
  await tab.page.locator('#connection', { hasText: 'Live (long polling)' }).waitFor()
  const before = walk.rows().finished
  await importRows(tab.page, ROWS)
  await says(tab.page, /Completed/)
  await tab.page.locator('#connection', { hasText: 'Live (long polling)' }).waitFor()
  expect(walk.rows().finished - before).toBe(GOOD)
  expect(tab.complaints).toEqual([])
}, 30_000)

it('issue 5, 2: a page that is reloaded at 40 % goes on where the work is', async () => {
  await using tab = await walk.tab('ada')
  const id = await importRows(tab.page, ROWS)
  await reaches(tab.page, 40)
  const epoch = await epochOf(tab.page, id)
  await tab.page.reload()
  expect(await reaches(tab.page, 1)).toBeGreaterThanOrEqual(40)
  await says(tab.page, /Completed/)
  await tab.page.locator('#summary', { hasText: '19,992 rows: ' }).waitFor()
  expect(await epochOf(tab.page, id)).toBe(epoch)
}, 30_000)

it('issue 5, 2: a second tab sees it in its tray, and a third by its address in React', async () => {
  await using tab = await walk.tab('ada')
  const id = await importRows(tab.page, ROWS)
  const [second, third] = await Promise.all([tab.beside(), tab.beside(`/react.html#watch=${id}`)])
  await second.page.getByRole('button', { name: /1 running/ }).waitFor()
  await third.page.locator('section[data-status=active]').waitFor()
  await third.page.getByText(/^19,992 rows: /).waitFor({ timeout: 20_000 })
  await says(tab.page, /Completed/)
  await second.page.getByRole('button', { name: /1 running/ }).waitFor({ state: 'hidden' })
  expect([...tab.complaints, ...second.complaints, ...third.complaints]).toEqual([])
}, 30_000)

it('issue 5, 2: another user who has the id sees nothing and learns nothing', async () => {
  await using tab = await walk.tab('ada')
  const id = await importRows(tab.page, ROWS)
  await using bob = await walk.tab('bob', { path: `/#watch=${id}` })
  await placeOf(bob.page, 'line').filter({ hasText: 'Waiting for it to start…' }).waitFor()
  const unknown = crypto.randomUUID()
  const [foreign, absent] = await Promise.all([answerOf(bob.page, id), answerOf(bob.page, unknown)])
  expect(foreign).toEqual(absent)
  expect(foreign.status).toBe(404)
  expect(
    await bob.page.evaluate(
      (path) => fetch(path, { method: 'DELETE' }).then(({ status }) => status),
      `/api/progress/${id}`,
    ),
  ).toBe(404)
  await says(tab.page, /Completed/)
  expect(await placeOf(bob.page, 'line').textContent()).toBe('Waiting for it to start…')
  expect(bob.frames.length).toBeGreaterThan(0)
  expect(bob.frames.filter(({ text }) => text.includes(id) || text.includes('customers.csv'))).toEqual([])
}, 30_000)

it('issue 5, 2: a logout in another tab makes this one silent within a second', async () => {
  await using tab = await walk.tab('ada')
  await using elsewhere = await walk.tab('ada')
  const id = await importRows(tab.page, ROWS)
  await reaches(tab.page, 20)
  const other = await tab.beside('/logout.html')
  await other.page.getByRole('button', { name: 'Log out' }).click()
  await other.page.getByRole('heading', { name: 'Log in' }).waitFor()
  const loggedOut = Date.now()
  await tab.page.locator('#connection', { hasText: 'Refused' }).waitFor()
  expect(Date.now() - loggedOut).toBeLessThan(1_000)
  // The work goes on: whoever is logged in elsewhere sees its end. Here nothing has come any more.
  await elsewhere.page.goto(`/#watch=${id}`)
  await elsewhere.page.reload()
  await says(elsewhere.page, /Completed/)
  expect(updatesOf(tab).length).toBeGreaterThan(0)
  expect(updatesOf(tab).filter(({ at }) => at > loggedOut + 1_000)).toEqual([])
  expect(await reaches(tab.page, 0)).toBeLessThan(100)
}, 30_000)

/** What a tab was told of work. */
function updatesOf(tab: Tab): Tab['frames'] {
  return tab.frames.filter(({ text }) => text.includes('"epoch"'))
}

async function answerOf(page: Page, id: string): Promise<{ status: number; body: string }> {
  return page.evaluate(async (path) => {
    const answer = await fetch(path)
    return { status: answer.status, body: await answer.text() }
  }, `/api/progress/${id}`)
}

async function epochOf(page: Page, id: string): Promise<string> {
  return (JSON.parse((await answerOf(page, id)).body) as { epoch: string }).epoch
}
