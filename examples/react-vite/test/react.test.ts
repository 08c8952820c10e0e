// The recipe in a real browser: React's hooks show phases and a typed result, with Vite on the same port as the sockets.
import { chromiumPath } from '@progress/integration/support/chromium'
import { Recipe } from '@progress/integration/support/recipe'
import { chromium } from 'playwright'
import { expect, it } from 'vitest'

it('issue 5, 4: react-vite shows phases, the result and the connection, without a complaint in the console', async () => {
  await using recipe = Recipe.start('react-vite')
  const url = await recipe.url()
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => void complaints.push(error.message))
    page.on('console', (line) => void (line.type() === 'error' && complaints.push(line.text())))
    await page.goto(url)
    await page.getByRole('button', { name: 'Import photos' }).click()
    await page.getByText(/scale: Lisbon, \d+ pictures/).waitFor()
    await page.getByText('connected', { exact: true }).waitFor()
    await page.getByText('60 pictures, 2401770 bytes').waitFor()
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
  expect(await recipe.stop()).toBe(0)
}, 40_000)
