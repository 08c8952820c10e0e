// The client's code of the seed's page, pasted as it stands from `fixtures`, in what it takes for a browser: `WebSocketClient`
// is the only thing that comes from elsewhere than there.
import { readFileSync } from 'node:fs'
import { WebSocketClient } from '@progress/client'
import { allowAnonymous } from '@progress/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Site } from '../../support/site'

const soon = { timeout: 5_000, interval: 10 }
const clients: WebSocketClient[] = []

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
  vi.unstubAllGlobals()
})

/** The functions that the seed's page has, by their names. */
function page() {
  return {
    console: { log: vi.fn(), warn: vi.fn(), error: vi.fn() },
    updateProgressBar: vi.fn(),
    updateStatusMessage: vi.fn(),
    initializeProgressUI: vi.fn(),
    showSuccessMessage: vi.fn(),
    closeProgressModal: vi.fn(),
    showErrorMessage: vi.fn(),
    enableManualProgressPolling: vi.fn(),
    showReconnectingIndicator: vi.fn(),
    hideReconnectingIndicator: vi.fn(),
    updateProgressUI: vi.fn(),
  }
}

const pasted = (name: string): string => readFileSync(new URL(`fixtures/${name}.js`, import.meta.url), 'utf8')

/** Runs them one after the other, as one script; answers its client. */
async function run(site: Site, fixtures: readonly string[], scope: Record<string, unknown>): Promise<WebSocketClient> {
  vi.stubGlobal('location', new URL(`${site.url}/import.html`))
  const names = Object.keys(scope)
  // A page's own addresses are relative.
  const fetchHere = (path: string) => fetch(new URL(path, site.url))
  const text = `return (async () => {\n${fixtures.map(pasted).join('\n')}\nreturn client\n})()`
  const script = new Function('WebSocketClient', 'fetch', ...names, text) as (
    ...given: unknown[]
  ) => Promise<WebSocketClient>
  const client = await script(WebSocketClient, fetchHere, ...names.map((name) => scope[name]))
  clients.push(client)
  return client
}

const anybody = { authenticate: allowAnonymous() }

describe('the seed’s page', () => {
  it('S0-53, S0-54: connects to where it came from', async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const client = await run(site, ['connect'], here)
    expect(client.connection.status).toBe('connected')
    expect(here.console.log).toHaveBeenCalledWith('WebSocket connected')
  })

  it('S0-52, S0-60, S0-61, S0-62, S0-66: hears of the session that it joins, from its start to its end', async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const client = await run(site, ['eventListeners'], here)
    const id = site.tracker.createSession({ operation: 'csv-import' })
    client.emit('join-progress', id)
    await expect.poll(() => here.initializeProgressUI.mock.calls, soon).toHaveLength(1)
    expect(here.console.log).toHaveBeenCalledWith(`Joined session: ${id}`)
    site.tracker.updateProgress(id, 45, 'Row 45 of 100')
    await expect.poll(() => here.updateProgressBar.mock.calls, soon).toEqual([[45]])
    expect(here.updateStatusMessage).toHaveBeenCalledWith('Row 45 of 100')
    site.tracker.completeSession(id, 'Imported')
    await expect.poll(() => here.showSuccessMessage.mock.calls, soon).toEqual([['Imported']])
    expect(here.console.log).toHaveBeenCalledWith(expect.stringMatching(/^Operation completed in \d+ms$/))
    expect(here.closeProgressModal).toHaveBeenCalledTimes(1)
  })

  it('S0-63: is told what went wrong', async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const client = await run(site, ['eventListeners'], here)
    const id = site.tracker.createSession({})
    client.emit('join-progress', id)
    await expect.poll(() => here.initializeProgressUI.mock.calls, soon).toHaveLength(1)
    site.tracker.errorSession(id, 'The database is busy', { code: 'SQLITE_BUSY' })
    await expect.poll(() => here.showErrorMessage.mock.calls, soon).toHaveLength(1)
    expect(here.showErrorMessage).toHaveBeenCalledWith(expect.objectContaining({ code: 'SQLITE_BUSY' }))
    expect(here.console.error).toHaveBeenCalledWith('Operation failed: The database is busy')
  })

  it('S0-66: hears nothing more of what it has left', async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const client = await run(site, ['eventListeners'], here)
    const [left, kept] = [site.tracker.createSession({}), site.tracker.createSession({})]
    client.emit('join-progress', left).emit('join-progress', kept)
    await expect.poll(() => here.initializeProgressUI.mock.calls, soon).toHaveLength(2)
    client.emit('leave-progress', left)
    await expect.poll(() => site.io.sockets.adapter.rooms.has(`progress-${left}`), soon).toBe(false)
    site.tracker.updateProgress(left, 10)
    site.tracker.updateProgress(kept, 20)
    await expect.poll(() => here.updateProgressBar.mock.calls, soon).toEqual([[20]])
  })

  it('S0-65, S0-73, S0-74: shows that it reconnects, joins again, and goes on from how it stands', async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const id = site.tracker.createSession({})
    const client = await run(site, ['eventListeners', 'reconnection'], { ...here, currentSessionId: id })
    client.emit('join-progress', id)
    await expect.poll(() => here.initializeProgressUI.mock.calls.length, soon).toBeGreaterThan(0)
    site.proxy.resetAll()
    await expect.poll(() => here.showReconnectingIndicator.mock.calls.length, soon).toBeGreaterThan(0)
    const [line] = here.console.log.mock.calls.filter(([text]) => String(text).startsWith('WebSocket disconnected'))
    expect(line).toEqual(['WebSocket disconnected: transport close'])
    site.tracker.updateProgress(id, 60, 'meanwhile')
    await expect.poll(() => here.hideReconnectingIndicator.mock.calls, soon).toHaveLength(1)
    await expect
      .poll(() => here.updateProgressUI.mock.calls.at(-1)?.[0], soon)
      .toMatchObject({ progress: 60, message: 'meanwhile' })
    expect(here.console.log).toHaveBeenCalledWith('Resumed tracking: 60% complete')
    site.tracker.completeSession(id)
    await expect.poll(() => here.closeProgressModal.mock.calls, soon).toHaveLength(1)
  })

  it('S0-64, S0-69, S0-70, S0-71: polls by itself once all attempts have failed, and stops at the end', {
    timeout: 40_000,
  }, async () => {
    await using site = await Site.start(anybody)
    const here = page()
    const id = site.tracker.createSession({})
    const client = await run(site, ['eventListeners', 'manualFallback'], { ...here, sessionId: id })
    client.emit('join-progress', id)
    site.proxy.faults = { block: 'socket.io' }
    site.proxy.resetAll()
    await expect.poll(() => here.enableManualProgressPolling.mock.calls, { timeout: 25_000 }).toHaveLength(1)
    expect(here.console.warn).toHaveBeenCalledWith('WebSocket unavailable, starting HTTP polling')
    await expect.poll(() => here.updateProgressUI.mock.calls.length, soon).toBeGreaterThan(0)
    site.tracker.completeSession(id, 'done')
    await expect.poll(() => here.showSuccessMessage.mock.calls, soon).toEqual([['done']])
    const polled = () => site.proxy.asked(`/api/progress/${id}`).length
    const asked = polled()
    await site.quiet(1_500)
    expect(polled()).toBe(asked)
  })
})
