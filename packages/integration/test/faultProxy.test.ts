// The line of our own that breaks: what it does to whole messages, to a stream of events, and to answers.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'vitest'
import { FaultProxy } from '../support/faultProxy'

/** A server that answers so, behind a line. */
async function behindProxy(answer: RequestListener) {
  const http = createServer(answer).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const proxy = await FaultProxy.start((http.address() as AddressInfo).port, 7)
  return {
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close()
      http.closeAllConnections()
      http.close()
    },
  }
}

/** Ten events, and something between them that keeps the stream alive. */
const stream: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for (let event = 0; event < 10; event++) {
    response.write(`data: ${event}\n\n`)
    response.write(':\n\n')
  }
  response.end()
}

/** The numbers of the events that came through. */
async function eventsOf({ url }: FaultProxy): Promise<readonly number[]> {
  const text = await (await fetch(url)).text()
  return [...text.matchAll(/^data: (\d+)$/gm)].map(([, event]) => Number(event))
}

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

describe.concurrent('a stream of events', () => {
  it('18: on a good line comes as it is', async ({ expect }) => {
    await using line = await behindProxy(stream)
    expect(await eventsOf(line.proxy)).toEqual(TEN)
    expect([line.proxy.moved, line.proxy.dropped]).toEqual([0, 0])
  })

  it('18: comes with each event twice, or without some, in its order', async ({ expect }) => {
    await using line = await behindProxy(stream)
    line.proxy.faults = { mangle: { duplicate: true, reorder: true } }
    expect(await eventsOf(line.proxy)).toEqual(TEN.flatMap((number) => [number, number]))
    line.proxy.faults = { mangle: { dropShare: 0.4 } }
    const some = await eventsOf(line.proxy)
    expect(some).toEqual(TEN.filter((number) => some.includes(number)))
    expect([10 - some.length, line.proxy.moved]).toEqual([line.proxy.dropped, 10])
    expect(line.proxy.dropped).toBeGreaterThan(0)
  })
})

describe.concurrent('an answer', () => {
  it('11: that is cut, or left out, is none', async ({ expect }) => {
    await using line = await behindProxy((_request, response) => response.end('0123456789'))
    expect(await (await fetch(line.proxy.url)).text()).toBe('0123456789')
    for (const faults of [{ cut: true }, { mangle: { dropShare: 1 } }, { shut: true }]) {
      line.proxy.faults = faults
      await expect(fetch(line.proxy.url).then((answer) => answer.text())).rejects.toThrow()
    }
    expect(line.proxy.dropped).toBe(1)
    line.proxy.faults = {}
    expect(await (await fetch(line.proxy.url)).text()).toBe('0123456789')
  })

  it('18: that comes twice is heard once', async ({ expect }) => {
    let asked = 0
    await using line = await behindProxy((_request, response) => response.end(String(++asked)))
    line.proxy.faults = { mangle: { duplicate: true } }
    for (const expected of ['1', '2', '3']) expect(await (await fetch(line.proxy.url)).text()).toBe(expected)
    expect(line.proxy.moved).toBe(3)
  })
})
