// The recipe by its own command, and its parts over real HTTP where streams are cut: what is left is polling.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Recipe } from '@progress/integration/support/recipe'
import { afterAll, describe, expect, it } from 'vitest'
import { serve } from '../adapter'
import { follow } from '../follow'
import { handle, progress } from '../handler'

afterAll(() => progress.close())

/** Starts a report behind `door`, and follows it to its end. */
async function report(door: (request: Request) => Promise<Response>) {
  const http = serve(door).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const { sessionId } = await (await fetch(`${url}/report`, { method: 'POST' })).json()
  const lines: string[] = []
  const status = await follow(url, sessionId, (line) => lines.push(line))
  http.closeAllConnections()
  http.close()
  return { status, lines }
}

describe('issue 5, 4: no-sockets', () => {
  it('follows its report by server-sent events to the end, and ends by itself', async () => {
    await using recipe = Recipe.start('no-sockets')
    const { code, output } = await recipe.ended()
    expect(output).toMatch(/^sse \d+ % Adding up month \d+$/m)
    expect(output.trim().split('\n').at(-1)).toBe('completed')
    expect(code).toBe(0)
  })

  it('goes by polling where a proxy cuts streams', async () => {
    const cut = async (request: Request) =>
      request.headers.get('accept')?.includes('event-stream') ? new Response(null, { status: 502 }) : handle(request)
    const { status, lines } = await report(cut)
    expect(status).toBe('completed')
    expect(lines.some((line) => /^poll \d+ % Adding up/.test(line))).toBe(true)
    expect(lines.every((line) => !line.startsWith('sse'))).toBe(true)
  })
})
