import type { AddressInfo } from 'node:net'
import { startDemo } from 'example-minimal/app'
import { chromium } from 'playwright'
import { expect, it } from 'vitest'
import { chromiumPath } from '../support/chromium'

it('shows an import to its end, and the same import to a page that comes late', async () => {
  const { http, progress } = await startDemo(0, 20)
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
  try {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    const first = await browser.newPage()
    await first.goto(url)
    await first.getByText(/of 5000 rows/).waitFor()
    const second = await browser.newPage()
    await second.goto(url)
    await second.getByText(/of 5000 rows/).waitFor()
    await first.getByText(/Done in \d+ ms/).waitFor()
    const polled = await fetch(`${url}/api/progress/import`)
    expect(await polled.json()).toMatchObject({ sessionId: 'import', operation: 'csv-import' })
    expect(await first.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0)
  } finally {
    await browser.close()
    await progress.close()
    http.close()
  }
})
