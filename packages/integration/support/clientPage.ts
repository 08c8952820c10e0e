// A page with the client on it, behind a line that can be broken: cookie login, Express, Socket.IO and a job in hand.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ProgressTracker, type Run, serveProgress, sessionAuth, type Task } from '@progress/server'
import { build } from 'esbuild'
import express from 'express'
import session from 'express-session'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { Server } from 'socket.io'
import { chromiumPath } from './chromium'
import { FaultProxy } from './faultProxy'

/** A policy under which nothing runs and nothing is styled but what the page brings along as files. */
const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"

/** A job whose steps the test takes. */
export interface Work {
  readonly run: Run<unknown>
  readonly task: Task
  finish(value?: unknown): void
}

/** The server, the line to it, and a browser. */
export class ClientPage {
  readonly tracker: ProgressTracker
  readonly proxy: FaultProxy
  readonly #browser: Browser
  readonly #stop: () => Promise<void>

  private constructor(parts: { tracker: ProgressTracker; proxy: FaultProxy; browser: Browser; stop(): Promise<void> }) {
    this.tracker = parts.tracker
    this.proxy = parts.proxy
    this.#browser = parts.browser
    this.#stop = parts.stop
  }

  /** Starts all of it. `page` is the path of the page's script, from this package. */
  static async start(script: URL): Promise<ClientPage> {
    const { outputFiles } = await build({
      entryPoints: [script.pathname],
      bundle: true,
      format: 'esm',
      write: false,
      conditions: ['@progress/source'],
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"development"' },
    })
    const app = express()
    const http = createServer(app)
    const io = new Server(http)
    const login = session({ secret: 'secret', resave: false, saveUninitialized: false })
    const tracker = new ProgressTracker(io)
    app.use(login)
    app.post('/login/:user', (req, res) => {
      req.session.userId = req.params.user
      res.json('in')
    })
    app.get('/page.js', (_, res) => void res.type('js').send(outputFiles[0]?.text))
    app.get('/', (_, res) => {
      res.set('content-security-policy', STRICT).type('html')
      res.send('<!doctype html><html lang="en"><title>page</title><body><script type="module" src="/page.js"></script>')
    })
    const progress = serveProgress(tracker, { authenticate: sessionAuth(login) })
    app.use('/api/progress', progress.http)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const proxy = await FaultProxy.start((http.address() as AddressInfo).port)
    const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] })
    const stop = async (): Promise<void> => {
      await browser.close()
      await proxy.close()
      await progress.close()
      await io.close()
    }
    return new ClientPage({ tracker, proxy, browser, stop })
  }

  /** A browser of its own, logged in. */
  async visitor(user: string): Promise<BrowserContext> {
    const context = await this.#browser.newContext()
    await context.request.post(`${this.proxy.url}/login/${user}`)
    return context
  }

  /** A tab. What its page throws, or complains of, fails the test that asks for `complaints`. */
  async tab(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
    })
    await page.goto(this.proxy.url)
    return { page, complaints }
  }

  /** Begins a job. */
  async work(owner: string, id: string): Promise<Work> {
    return await new Promise((resolve) => {
      const run = this.tracker.run('import', { owner, id, total: 100, unit: 'rows' }, (task) => {
        return new Promise((finish) => resolve({ run, task, finish }))
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}
