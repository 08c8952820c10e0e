// The recipe as `npm start -w example-minimal` starts it: a script tag, a bar in a real browser, and an end when it is told.
import { chromiumPath } from '@progress/integration/support/chromium'
import { Recipe } from '@progress/integration/support/recipe'
import { chromium } from 'playwright'
import { expect, it } from 'vitest'

it('issue 5, 4: Express and a script tag show a bar that moves, and the server ends when it is told', async () => {
  await using recipe = Recipe.start('minimal')
  const url = await recipe.url()
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.getByText(/Reading customers\.csv [1-9]\d* of 5000 rows/).waitFor()
    const bar = () => page.locator('progress').evaluate(({ value }: HTMLProgressElement) => value)
    expect(await bar()).toBeGreaterThan(0)
    await page.reload()
    await page.getByText(/of 5000 rows/).waitFor()
  } finally {
    await browser.close()
  }
  expect(await recipe.stop()).toBe(0)
})
