// All code on the pages that people read first: cut from a file that the gate runs, compiled, or made and run by a walk.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkSnippets } from '../snippets/check'
import { fencesOf } from '../snippets/fences'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** `gettingStarted.test.ts` makes the files of this page, and runs them. */
const WALKED = ['docs/getting-started.md']

const names = (folder: string) => readdirSync(join(ROOT, folder))
const pages = [
  'README.md',
  ...names('packages').map((name) => `packages/${name}/README.md`),
  ...names('docs').map((name) => `docs/${name}`),
]
  .filter((path) => path.endsWith('.md') && path !== 'packages/integration/README.md')
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** What is said of each of these pages. They are compiled together, which takes as long as one of them. */
function said(...texts: string[]): string[][] {
  const complaints = checkSnippets(
    ROOT,
    texts.map((text, index) => ({ path: `${index}.md`, text })),
  )
  return texts.map((_, index) =>
    complaints.filter(({ page }) => page === `${index}.md`).map(({ line, message }) => `${line}: ${message}`),
  )
}
const fenced = (language: string, code: string, origin?: string) =>
  `${origin === undefined ? '' : `<!-- ${origin} -->\n`}\`\`\`${language}\n${code}\n\`\`\`\n`

describe('issue 5: the code on our pages', { timeout: 60_000 }, () => {
  it('is what the gate runs, or compiles, and its commands are there', () => {
    expect(pages.flatMap(fencesOf).length).toBeGreaterThan(15)
    expect(checkSnippets(ROOT, pages, WALKED)).toEqual([])
  })
})

describe('a snippet that is wrong is noticed', { timeout: 60_000 }, () => {
  it('where it has strayed from its file', () => {
    const file = 'examples/minimal/server.ts'
    const right =
      "    if (tracker.getSession('import')?.status !== 'active') void importRows()\n    res.sendStatus(202)"
    const wrong = right.replace('active', 'activ')
    expect(said(fenced('ts', right, file), fenced('ts', wrong, file), fenced('ts', right, 'examples/no.ts'))).toEqual([
      [],
      [`3: these lines do not stand like this in ${file}`],
      ['3: there is no examples/no.ts'],
    ])
  })

  it('where it does not compile, on its line', () => {
    const job = "const job = tracker.run('backup', { owner: null }, async (task) => {\n  task.advance()\n})"
    const meter = '<progress-meter session-id="a"></progress-meter>\n<script>\nnew WebSocketClient()\n</script>'
    const told = said(
      fenced('ts', job),
      fenced('html', meter),
      `A page.\n\n${fenced('ts', job.replace('advance', 'advnce'))}`,
      fenced('tsx', 'export const Bar = () => <progress vlue={1} />'),
      fenced('js', '\nclient.on()'),
      fenced('ts', "import { nothing } from '@progress/server'"),
      fenced('ts', 'const a = {'),
      fenced('html', meter.replaceAll('meter', 'metre')),
      fenced('html', meter.replace('WebSocketClient', 'WebsocketClient')),
    )
    expect(told.slice(0, 2)).toEqual([[], []])
    expect(told.slice(2).map(([first]) => first)).toEqual([
      expect.stringMatching(/^5: Property 'advnce' does not exist on type .* Did you mean 'advance'\?$/),
      expect.stringMatching(/^2: .*vlue/),
      expect.stringMatching(/^3: Cannot find name 'client'/),
      expect.stringMatching(/^2: .*no exported member 'nothing'/),
      expect.stringMatching(/^2: '}' expected/),
      expect.stringMatching(/^2: .*progress-metre/),
      expect.stringMatching(/Cannot find name 'WebsocketClient'/),
    ])
  })

  it.each([
    ['npm ci && npm run chekc', "no script 'chekc' in the root"],
    ['PORT=3001 npm start -w example-minimum', "there is no workspace 'example-minimum'"],
    ['npx progress-protocl check a.ndjson > b', "no package of this repository brings the program 'progress-protocl'"],
    [
      'npm install ./progress-server-0.0.9.tgz',
      "'./progress-server-0.0.9.tgz' is nothing that npm pack makes here, and nothing that is used here",
    ],
    ['brew install node # no', "'brew' is no command that a reader is known to have"],
    ['node nobody.js', "nobody has made 'nobody.js'"],
  ])('where its command is not there: %s', (command, message) => {
    expect(said(fenced('sh', command))).toEqual([[`2: ${message}`]])
  })

  it('where nobody runs the file that it makes, and where nothing can check it', () => {
    const told = said(fenced('js', 'anything', 'new: server.js'), fenced('py', 'print()'))
    expect(told).toEqual([[expect.stringMatching(/^3: no test walks/)], ["2: nothing here can check 'py'"]])
  })
})
