// A real Redis for tests: the one that `REDIS_URL` names, else one started for the moment.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const READY_WITHIN_MS = 10_000
const STARTS = 3

/** A Redis that answers. */
export interface RealRedis {
  /** `redis://HOST:PORT`. */
  readonly url: string
  /** Ends it, where it was started here. Twice is harmless. */
  stop(): Promise<void>
}

/** No Redis, and why. */
export interface NoRedis {
  readonly missing: string
}

/**
 * A Redis: that of `REDIS_URL`, else `redis-server` from the PATH on a free port, with nothing kept on disk. Rejects
 * where `redis-server` is there and does not start: that is a fault to see, not a Redis that is missing.
 */
export async function realRedis(env: NodeJS.ProcessEnv = process.env): Promise<RealRedis | NoRedis> {
  if (env['REDIS_URL']) return { url: env['REDIS_URL'], stop: async () => {} }
  const dir = await mkdtemp(join(tmpdir(), 'redis-'))
  const removeDir = (): Promise<void> => rm(dir, { recursive: true, force: true })
  const started = await startOnFreePort(dir, env).catch(async (error: unknown) => {
    await removeDir()
    throw error
  })
  if ('url' in started) return { url: started.url, stop: () => end(started.child).then(removeDir) }
  await removeDir()
  return started
}

/** A server of our own that runs. */
export type Started = { readonly child: ChildProcess; readonly url: string }

async function startOnFreePort(dir: string, env: NodeJS.ProcessEnv): Promise<Started | NoRedis> {
  for (let start = 1; ; start++) {
    const port = await freePort()
    const outcome = await startAt(port, dir, env)
    if (typeof outcome !== 'string') return outcome
    // Redis takes no port 0: between finding a free one and taking it, somebody else may have taken it.
    if (start === STARTS || !outcome.includes('Address already in use')) {
      throw new Error(`redis-server did not start:\n${outcome}`)
    }
  }
}

// With the pipe at descriptor 3, which ends with this process however that ends, Redis ends too.
const ENDS_WITH_US = '(read -r end; kill $$) <&3 >/dev/null 2>&1 & exec redis-server "$@" 3<&-'
const NO_SUCH_PROGRAM = 127

/** A running server, none at all, or what a server that did not start wrote. It ends with this process. */
export async function startAt(
  port: number,
  dir: string,
  env: NodeJS.ProcessEnv,
  more: readonly string[] = [],
): Promise<Started | NoRedis | string> {
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir, ...more]
  const child = spawn('/bin/sh', ['-c', ENDS_WITH_US, 'redis', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.once('exit', () => child.stdio[3]?.destroy())
  const { ready, wrote } = await readiness(child)
  if (ready) return { child, url: `redis://127.0.0.1:${port}` }
  await end(child)
  if (child.exitCode !== NO_SUCH_PROGRAM) return wrote
  return { missing: 'REDIS_URL is not set, and there is no redis-server on the PATH' }
}

interface Readiness {
  readonly ready: boolean
  readonly wrote: string
}

function readiness(child: ChildProcess): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    let wrote = ''
    const settle = (ready: boolean): void => {
      clearTimeout(deadline)
      resolve({ ready, wrote })
    }
    const deadline = setTimeout(() => {
      wrote += `\nnot ready after ${READY_WITHIN_MS} ms`
      settle(false)
    }, READY_WITHIN_MS)
    const read = (chunk: Buffer): void => {
      wrote += chunk
      if (wrote.includes('Ready to accept connections')) settle(true)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('close', () => settle(false))
    child.once('error', reject)
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
