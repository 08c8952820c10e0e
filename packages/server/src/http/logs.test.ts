// What requests leave in a log: one line for one event, and nothing of what only the requester knows.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { AuthRequest } from '../auth/authenticate'
import { originRule } from '../auth/origin'
import { type Logger, logSignals } from '../observe/logger'
import type { Signal } from '../observe/signals'
import { rig, tokenIsUser } from './http.test-support'

const FORGED = 'x%0d%0a%1b%5b31m{"level":"error","msg":"forged"}'
const CANARIES = ['canary-cookie', 'canary-token', 'canary-metadata', 'canary-agent', 'evil.test', 'forged'] as const
const HEADERS = {
  cookie: 'sid=canary-cookie',
  'user-agent': 'canary-agent {"level":"error","msg":"forged"}',
  origin: 'https://evil.test',
}

/** Each signal as its logger writes it: the text, and the fields as one line of JSON. */
function linesOf(signals: readonly Signal[], more: (signal: Signal) => object = () => ({})): string[] {
  const lines: string[] = []
  const write = (fields: object, text: string): void => void lines.push(`${text} ${JSON.stringify(fields)}`)
  const logger: Logger = { info: write, warn: write, error: write }
  const log = logSignals(logger)
  for (const signal of signals) log({ ...signal, ...more(signal) })
  return lines
}

/** Requests of all kinds, good and bad, that carry canaries wherever something can be carried. */
async function attacked(options: Parameters<typeof rig>[0] = {}) {
  const { tracker, ask, http, signals, listen, clock } = rig({ parts: { isAllowed: originRule() }, ...options })
  tracker.createSessionWithId('abc', { note: 'canary-metadata' }, { owner: 'ada' })
  const { origin: _, ...own } = HEADERS
  for (const headers of [HEADERS, own]) {
    for (const user of ['ada', 'nobody', 'canary-token', null]) {
      for (const path of [`/${FORGED}`, '/abc', `/abc?wait=${FORGED}`, `/?ids=${FORGED}`, '/']) {
        await ask(path, user, { headers })
      }
    }
  }
  const heard = await listen('/events?ids=abc', 'ada', own)
  http.revoked(() => true)
  tracker.completeSession('abc')
  await clock.advance(100)
  expect(heard.isOver).toBe(true)
  return { signals }
}

describe('the log', () => {
  it('85: has one line for one event, whatever stands in ids, headers and queries', async () => {
    const { signals } = await attacked()
    const lines = linesOf(signals)
    expect(signals.filter(({ name }) => name === 'refused').length).toBeGreaterThan(10)
    expect(lines).toHaveLength(signals.filter(({ name }) => name !== 'changed').length)
    for (const line of lines) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
      expect(line).toMatch(/^progress: [a-z-]+ [^\u0000-\u001f\u007f]*$/)
      expect(line).not.toContain('forged')
    }
  })

  it('85: twin: a line that is put together as text has the forged one in it', () => {
    const naive = (id: string): string => `progress: refused ${id}`
    expect(naive(decodeURIComponent(FORGED)).split('\r\n')).toHaveLength(2)
  })

  it('86: has no cookie, token, origin, agent or metadata', async () => {
    const { signals } = await attacked()
    const all = [...linesOf(signals), inspect(signals, { depth: 20 })].join('\n')
    for (const canary of CANARIES) expect(all).not.toContain(canary)
  })

  it('86: twin: an authenticator that puts what it was shown into its error is noticed', async () => {
    const chatty = (request: AuthRequest) => {
      if (request.token === 'canary-token') throw new Error(`no user for ${request.token}`)
      return tokenIsUser(request)
    }
    const { signals } = await attacked({ authenticate: chatty })
    expect(inspect(signals, { depth: 20 })).toContain('canary-token')
  })
})
