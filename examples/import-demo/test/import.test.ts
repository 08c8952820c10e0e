// 50,000 rows from the upload to the end, each of the other ends, and how it looks by each way to the server.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importRows, placeOf, reaches, says } from './dialog'
import { picture, Walk } from './walk'

const PER_2_500 = 1 // bad rows in the sample
let walk: Walk

beforeAll(async () => {
  walk = await Walk.start(20)
}, 60_000)
afterAll(() => walk?.[Symbol.asyncDispose]())

it('issue 5, 1: an import of 50,000 rows is watched to its end, and they are in the database', async () => {
  await using tab = await walk.tab('ada')
  const { page } = tab
  await picture(page, 'page')
  await page.locator('#sample').click()
  await reaches(page, 0)
  await picture(page, '000')
  await reaches(page, 40)
  await picture(page, '040')
  await says(page, /Completed/)
  await picture(page, '100')
  const good = 50_000 - (50_000 / 2_500) * PER_2_500
  expect(walk.rows()).toEqual({ finished: good, all: good })
  await page.locator('#count', { hasText: '49,980' }).waitFor()
  await page.locator('#summary', { hasText: '49,980 rows: ' }).waitFor()
  await page.locator('progress-modal [data-level=warn]').last().waitFor()
  expect(tab.complaints).toEqual([])
}, 40_000)

it('a cancel takes back what was written', async () => {
  await using tab = await walk.tab('ada')
  const before = walk.rows()
  await importRows(tab.page, 20_000)
  await reaches(tab.page, 60)
  expect(walk.rows().all).toBeGreaterThan(before.all)
  await tab.page.getByRole('button', { name: 'Cancel' }).click()
  await says(tab.page, /Cancelled/)
  await picture(tab.page, 'cancelled')
  expect(walk.rows()).toEqual(before)
}, 30_000)

it('a cancel in the upload hangs up on it', async () => {
  await using tab = await walk.tab('ada')
  const before = walk.rows()
  await importRows(tab.page, 50_000)
  await tab.page.getByRole('button', { name: 'Cancel' }).click()
  await says(tab.page, /Cancelled/)
  expect(await reaches(tab.page, 0)).toBeLessThan(10)
  expect(walk.rows()).toEqual(before)
  expect(tab.complaints).toEqual([])
})

it('an upload whose line breaks ends as NETWORK_ERROR, and the page hears of it when it is back', async () => {
  await using tab = await walk.tab('ada')
  const before = walk.rows()
  await importRows(tab.page, 50_000)
  await tab.trick('offline?ms=300')
  await says(tab.page, /NETWORK_ERROR/, 'code')
  expect(walk.rows()).toEqual(before)
  expect(tab.complaints).toEqual([])
})

it('a locked database ends it as SQLITE_BUSY, with nothing left of it and nothing said of the inside', async () => {
  await using tab = await walk.tab('ada')
  const before = walk.rows()
  await importRows(tab.page, 20_000)
  await reaches(tab.page, 60)
  const unlocked = tab.trick('lock?ms=700')
  await says(tab.page, /SQLITE_BUSY/, 'code')
  await picture(tab.page, 'error')
  expect(await placeOf(tab.page, 'failure').textContent()).toContain('Somebody else is writing to the database.')
  await unlocked
  expect(walk.rows()).toEqual(before)
}, 30_000)

it('a file with the wrong columns is refused in words', async () => {
  await using tab = await walk.tab('ada')
  const buffer = Buffer.from('who,what\nada,engine\n')
  await tab.page.locator('#file').setInputFiles({ name: 'odd.csv', mimeType: 'text/csv', buffer })
  await says(tab.page, /VALIDATION_FAILED/, 'code')
  expect(await placeOf(tab.page, 'failure').textContent()).toContain(
    'The file has no column name, email, country, amount',
  )
})

it('without any stream it is polled, and offline it reconnects', async () => {
  await using tab = await walk.tab('ada')
  const { page } = tab
  await tab.trick('block?what=streams')
  await page.locator('#connection', { hasText: '(polling)' }).waitFor()
  await importRows(page, 20_000)
  await says(page, /No live connection/, 'connection')
  await reaches(page, 20)
  await picture(page, 'polling')
  await tab.trick('offline?ms=1500')
  await says(page, /Reconnecting/, 'connection')
  await picture(page, 'reconnecting')
  await says(page, /Completed/)
  expect(tab.complaints).toEqual([])
}, 40_000)

it('React shows the same in the dark, and the tray many at a time', async () => {
  await using tab = await walk.tab('bob', { isDark: true })
  const { page } = tab
  await page.locator('#many').click()
  await page.locator('#backup').click()
  await page.getByRole('button', { name: /Progress/ }).click()
  await page.getByText('Backup', { exact: true }).first().waitFor()
  await picture(page, 'tray-dark')
  await page.goto('/react.html')
  await page.getByRole('button', { name: 'Import 50,000 sample rows' }).click()
  await page
    .locator('[data-status=active]')
    .getByText(/insert [\d,]+ of 49,980 rows/)
    .waitFor({ timeout: 20_000 })
  await picture(page, 'react-dark')
  await page.getByText(/^49,980 rows: /).waitFor({ timeout: 20_000 })
  await page.getByRole('listitem').filter({ hasText: 'Backup' }).getByText('completed').waitFor()
  expect(tab.complaints).toEqual([])
}, 60_000)
