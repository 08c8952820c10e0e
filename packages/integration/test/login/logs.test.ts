// What logging in, being refused and being thrown out leave in a log: nothing that anybody could log in with.
import { inspect } from 'node:util'
import { ManualClock } from '@progress/protocol/testing'
import { type Authenticator, sessionAuth } from '@progress/server'
import { describe, expect, it, vi } from 'vitest'
import { bySession, type LoginApp, loginApp } from '../../support/loginApp'
import { ask, dial, heard, openByHand, POLL, upgrade } from '../../support/socketClients'

/** All that happens at the door; answers what must stay secret. */
async function comeAndGo(app: LoginApp, clock: ManualClock): Promise<readonly string[]> {
  const [here, elsewhere] = [await app.login(7), await app.login(7)]
  using polling = await dial(app.url, { transports: ['polling'], cookie: here.cookie })
  using staying = await dial(app.url, { cookie: elsewhere.cookie, headers: { 'user-agent': 'canary-agent' } })
  const sid = polling.socket.io.engine.id ?? ''
  const stolen = `EIO=4&transport=websocket&sid=${sid}`
  for (const headers of [{}, { cookie: 'connect.sid=canary-cookie' }, { origin: 'https://canary.example' }]) {
    const shown = headers as Record<string, string>
    await ask(app.url, `${POLL}&sid=${sid}`, { headers: shown, body: '42["x"]' })
    await upgrade(app.url, stolen, shown)
    using refused = await dial(app.url, { headers: shown, auth: { token: 'canary-token', userId: 'canary-claim' } })
    expect(refused.error).toBeDefined()
  }
  const silent = await openByHand(app.url)
  const gone = heard(polling.socket, 'disconnect')
  await app.revoke({ loginId: here.loginId })
  await gone
  const over = heard(staying.socket, 'disconnect')
  await app.logout(elsewhere.cookie)
  await clock.advance(30_000)
  await over
  const ids = [here, elsewhere].flatMap(({ cookie, loginId }) => [cookie, decodeURIComponent(cookie), loginId])
  const canaries = ['canary-agent', 'canary-cookie', 'canary.example', 'canary-token', 'canary-claim']
  return [...ids, ...canaries, sid, silent]
}

describe('the signals of logins', () => {
  it('86: hold no cookie, token, session id or engine id, and nothing is written to the console', async () => {
    const written: unknown[] = []
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => written.push(chunk) > 0)
    }
    const clock = new ManualClock(Date.now())
    await using app = await loginApp({ authenticate: bySession, clock })
    const secrets = await comeAndGo(app, clock).finally(() => void vi.restoreAllMocks())
    const said = inspect(app.signals, { depth: 20 })
    for (const name of ['connected', 'disconnected', 'refused']) expect(said).toContain(`'${name}'`)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8)
      expect(said).not.toContain(secret)
    }
    expect(written).toEqual([])
  })

  it('86: twin: an app that throws what it was shown is noticed', async () => {
    const chatty = (login: Parameters<typeof bySession>[0]): Authenticator => {
      const read = sessionAuth(login)
      return async (request) => {
        if (request.token) throw new Error(`no user has the token ${request.token}`)
        return read(request)
      }
    }
    const clock = new ManualClock(Date.now())
    await using app = await loginApp({ authenticate: chatty, clock })
    const secrets = await comeAndGo(app, clock)
    const said = inspect(app.signals, { depth: 20 })
    expect(secrets.filter((secret) => said.includes(secret))).toEqual(['canary-token'])
  })
})
