// The demo in a folder of its own, a real Chromium, and tabs of people who are logged in.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumPath } from '@progress/integration/support/chromium'
import Database from 'libsql'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { USERS } from '../routes/users'
import { type Demo, startDemo } from '../start'

const PICTURES = fileURLToPath(new URL('../../../.artifacts/import-demo/', import.meta.url))

/** A demo and a browser. */
export class Walk {
  readonly demo: Demo
  readonly #browser: Browser
  readonly #folder: string

  private constructor(demo: Demo, browser: Browser, folder: string) {
    this.demo = demo
    this.#browser = browser
    this.#folder = folder
  }

  /** Starts both; over https unless the browser at hand cannot, and says which. */
  static async start(paceMs: number): Promise<Walk> {
    const folder = await mkdtemp(join(tmpdir(), 'import-demo-'))
    const launch = async () =>
      chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'], timeout: 20_000 })
    const [demo, browser] = await Promise.all([startDemo({ port: 0, folder, paceMs }), launch()])
    if (await reaches(browser, demo.url)) return new Walk(demo, browser, folder)
    process.stdout.write('This Chromium opens no https page of ours: the walk goes over http.\n')
    await Promise.all([demo.close(), browser.close().catch(() => {})])
    const [plain, another] = await Promise.all([startDemo({ port: 0, folder, paceMs, isPlain: true }), launch()])
    return new Walk(plain, another, folder)
  }

  /** A browser of somebody's own, logged in by the page, and a tab in it. */
  async tab(name: string, { isDark = false, path = '/' } = {}): Promise<Tab> {
    const context = await this.#browser.newContext({
      ignoreHTTPSErrors: true,
      baseURL: this.demo.url,
      viewport: { width: 1_080, height: 860 },
      colorScheme: isDark ? 'dark' : 'light',
    })
    const tab = await Tab.open(context, path)
    await tab.page.getByLabel('Name').fill(name)
    await tab.page.getByLabel('Password').fill(USERS.find((user) => user.name === name)?.password ?? '')
    await tab.page.getByRole('button', { name: 'Log in' }).click()
    await tab.page.locator('#user', { hasText: name }).waitFor()
    return tab
  }

  /** Rows in the database, counted past the app: of finished imports, and of all. */
  rows(): { readonly finished: number; readonly all: number } {
    const database = new Database(join(this.#folder, 'customers.db'))
    try {
      const count = (where: string) =>
        (
          database.prepare(`SELECT count(*) AS n FROM customers JOIN imports ON id = import ${where}`).get() as {
            n: number
          }
        ).n
      const all = (database.prepare('SELECT count(*) AS n FROM customers').get() as { n: number }).n
      return { finished: count("WHERE state = 'done'"), all }
    } finally {
      database.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    await this.demo.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** A tab, and what goes wrong in it. */
export class Tab {
  readonly page: Page
  /** What the page threw. */
  readonly complaints: string[] = []
  /** What came by its WebSockets, and when. */
  readonly frames: { readonly at: number; readonly text: string }[] = []

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.frames.push({ at: Date.now(), text: String(payload) }))
    })
  }

  /** Opens one in a browser that there is. */
  static async open(context: BrowserContext, path = '/'): Promise<Tab> {
    const tab = new Tab(await context.newPage())
    await tab.page.goto(path)
    return tab
  }

  /** Another tab of the same browser. */
  beside(path = '/'): Promise<Tab> {
    return Tab.open(this.page.context(), path)
  }

  /** Asks the front door, as the buttons do. Resolves when it is done. */
  async trick(path: string): Promise<void> {
    await this.page.context().request.post(`/demo/${path}`)
  }

  /** The browser goes, with all of its tabs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close()
  }
}

/** Keeps a picture, for somebody to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
}

async function reaches(browser: Browser, url: string): Promise<boolean> {
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    await page.goto(url, { timeout: 10_000 })
    await page.close()
    return true
  } catch {
    return false
  }
}
