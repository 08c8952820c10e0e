// The first part of docs/getting-started.md, walked as a newcomer walks it: its files are made as they stand there, the server
// is started, and a real browser presses the button.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { expect, it } from 'vitest'
import { fencesOf } from '../snippets/fences'
import { chromiumPath } from '../support/chromium'
import { freePort } from '../support/freePort'
import { Recipe } from '../support/recipe'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PAGE = 'docs/getting-started.md'

/** Makes the files of the page in a folder of this repository, whose packages are found from there; answers their names. */
async function make(folder: string): Promise<string[]> {
  const fences = fencesOf({ path: PAGE, text: readFileSync(join(ROOT, PAGE), 'utf8') })
  const files = fences.flatMap(({ makes, code }) => (makes === undefined ? [] : [{ makes, code }]))
  for (const { makes, code } of files) {
    mkdirSync(dirname(join(folder, makes)), { recursive: true })
    writeFileSync(join(folder, makes), code)
  }
  // What an installed package brings along, from source: nothing is built when tests run.
  await build({
    entryPoints: [join(ROOT, 'packages/client/src/scriptTag.ts')],
    bundle: true,
    outfile: join(folder, 'node_modules/@progress/client/dist/progress.js'),
    conditions: ['@progress/source'],
  })
  return files.map(({ makes }) => makes)
}

it('issue 5: the files of docs/getting-started.md show a bar to its end, also after a reload and in another tab', async () => {
  mkdirSync(join(ROOT, '.artifacts'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.artifacts/getting-started-'))
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
  try {
    expect(await make(folder)).toEqual(['server.mjs', 'public/index.html'])
    await using server = Recipe.run(folder, 'tsx --conditions=@progress/source server.mjs', {
      PORT: String(await freePort()),
    })
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(await server.url())
    await page.getByRole('button', { name: 'Import' }).click()
    await page
      .getByText(/Writing row \d+/)
      .first()
      .waitFor()
    await page.reload()
    await page
      .getByText(/Writing row \d+/)
      .first()
      .waitFor()
    const other = await context.newPage()
    await other.goto(page.url())
    for (const tab of [page, other]) await tab.getByText('Completed').first().waitFor()
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 40_000)
