// What the plain page's dialog says, for tests to wait for.
import type { Locator, Page } from 'playwright'
import { sampleLines } from '../routes/sampleCsv'

/** Gives so many rows of the sample to the page's file input. Resolves to the id when the dialog shows the work. */
export async function importRows(page: Page, rows: number): Promise<string> {
  const buffer = Buffer.from([...sampleLines(rows)].join(''))
  await page.locator('#file').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer })
  await reaches(page, 0)
  return decodeURIComponent(new URL(page.url()).hash.slice('#watch='.length))
}

/** Resolves when the dialog shows as much or more, to what it shows. */
export async function reaches(page: Page, percent: number): Promise<number> {
  const shown = await page.waitForFunction(
    (least) => {
      const bar = document.querySelector('progress-modal')?.shadowRoot?.querySelector('[role=progressbar]')
      const value = Number(bar?.getAttribute('aria-valuenow') ?? -1)
      return value >= least ? { value } : null
    },
    percent,
    { timeout: 30_000, polling: 30 },
  )
  return (await shown.evaluate((found) => found?.value)) ?? -1
}

/** Resolves when a line of the dialog says so: `line`, `connection`, `failure`, `code`. */
export function says(page: Page, words: RegExp, part = 'line'): Promise<void> {
  return placeOf(page, part).filter({ hasText: words }).waitFor({ timeout: 30_000 })
}

/** A line of the dialog. */
export function placeOf(page: Page, part: string): Locator {
  return page.locator(`progress-modal [part~=${part}]`)
}
