// What front-end users write: components, their tests and a page without a bundler, against the packed packages.
import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumPath } from '../support/chromium'
import { Project } from './project'
import type { Setting } from './steps'

const PROGRAMS = join(import.meta.dirname, 'fixtures/pages')
const INSTALLS = [
  ...['react@19.3.1', 'react-dom@19.3.1', '@types/react@19', 'zod@4', 'typescript@5.9.3', '@types/node@20'],
  ...['vitest@4.1.12', 'happy-dom@21.0.4', '@testing-library/react@16.3.3', '@testing-library/dom@10.4.2'],
]
const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
  types: [],
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  strict: true,
  exactOptionalPropertyTypes: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true, // vitest's own types want Node's
  noEmit: true,
}
const SCRIPT = '@progress/client/dist/progress.js'
const PAGE = `<!doctype html><title>waiting</title><form><button>Import</button></form><progress max="100"></progress>
<progress-modal></progress-modal><progress-tray></progress-tray>
<script src="/progress.js"></script><script type="module" src="/plain.js"></script>`

/** Installs the packages into a front-end project, compiles it, runs its tests and opens its page. */
export async function checkPages({ report, folder, tarballs }: Setting): Promise<void> {
  const project = new Project(join(folder, 'pages'))
  const installs = [...tarballs.map(({ path }) => path), ...INSTALLS]
  if (!(await report.step('pages: npm install', () => project.install(...installs)))) return
  for (const file of readdirSync(PROGRAMS)) {
    // Here it is no test of this repository.
    project.write(file.replace('.checks.', '.test.'), readFileSync(join(PROGRAMS, file), 'utf8'))
  }
  // Whoever uses an element by its name in plain JavaScript has its types from here.
  project.write('elements.d.ts', `import '@progress/client/elements'\n`)
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*'] }))
  await report.step('pages: the programs compile, and their mistakes do not', () =>
    project.run(process.execPath, project.installed('typescript/bin/tsc'), '-p', '.'),
  )
  await report.step('pages: the tests of a component, of a job and of both pass', () => runTests(project))
  await report.step('pages: a script tag puts the client and the elements on a page', () => openPage(project))
  await report.step('pages: the tests pass under React 18, too', async () => {
    await project.install('react@18.3.1', 'react-dom@18.3.1')
    await runTests(project)
  })
}

async function runTests(project: Project): Promise<void> {
  const program = project.installed('vitest/vitest.mjs')
  assert.match(await project.run(process.execPath, program, 'run', '--environment', 'happy-dom'), /3 passed/)
}

/** Opens the page in a real Chromium; no server of progress is there, and the page says so and stays whole. */
async function openPage(project: Project): Promise<void> {
  const files: Record<string, string> = {
    '/progress.js': readFileSync(project.installed(SCRIPT), 'utf8'),
    '/plain.js': readFileSync(join(PROGRAMS, 'plain.js'), 'utf8'),
  }
  const http = createServer((req, res) => {
    const script = files[req.url ?? '']
    if (script === undefined && req.url !== '/') return void res.writeHead(404).end()
    res.setHeader('content-type', script === undefined ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8')
    res.end(script ?? PAGE)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('dialog').waitFor()
    assert.equal(await page.evaluate(() => typeof Reflect.get(globalThis, 'WebSocketClient')), 'function')
    assert.equal(await page.getByRole('progressbar').count(), 2)
  } finally {
    await browser.close()
    http.close()
  }
}
