// The recipe in a real browser: logged in it shows my backup, to another user nothing, and after a logout nothing at all.
import { chromiumPath } from '@progress/integration/support/chromium'
import { Recipe } from '@progress/integration/support/recipe'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let recipe: Recipe
let browser: Browser
let url: string

beforeAll(async () => {
  recipe = Recipe.start('express-passport')
  url = await recipe.url()
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
}, 30_000)

afterAll(async () => {
  await browser?.close()
  expect(await recipe.stop()).toBe(0)
})

async function loggedIn(username: string, password: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.getByLabel('Name').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`${url}/**`)
  return page
}

async function start(page: Page): Promise<string> {
  const answered = page.waitForResponse(`${url}/backup`)
  await page.getByRole('button', { name: 'Back up' }).click()
  return (await (await answered).json()).sessionId
}

describe('issue 5, 4: express-passport', () => {
  it('shows the backup of who is logged in to its end, and to nobody else', async () => {
    const ada = await loggedIn('ada', 'lovelace')
    const bob = await loggedIn('bob', 'ross')
    const id = await start(ada)
    await ada
      .getByText(/Saving (teams|orders)/)
      .first()
      .waitFor()
    const asked = await bob.request.get(`${url}/api/progress/${id}`)
    const unknown = await bob.request.get(`${url}/api/progress/no-such-id`)
    expect([asked.status(), await asked.text()]).toEqual([404, await unknown.text()])
    await ada.locator('progress-modal').getByText('Completed').first().waitFor()
  })

  it('refuses a wrong password, and starts nothing without a login', async () => {
    const page = await loggedIn('ada', 'wrong')
    expect(page.url()).toBe(`${url}/?wrong`)
    expect((await page.request.post(`${url}/backup`)).status()).toBe(401)
    expect((await page.request.get(`${url}/api/progress/`)).status()).toBe(401)
  })

  it('is silent after a logout, in the other tab too', async () => {
    const page = await loggedIn('ada', 'lovelace')
    const id = await start(page)
    await page
      .getByText(/Saving/)
      .first()
      .waitFor()
    const other = await page.context().newPage()
    await other.goto(url)
    await other.getByRole('button', { name: 'Log out' }).click()
    await page.locator('progress-modal').getByText('Access refused').waitFor()
    expect((await page.request.get(`${url}/api/progress/${id}`)).status()).toBe(401)
  })
})
