import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import type { Message } from '../backend/contract'
import { entry, LONG_MS } from '../conformance/bench'
import { newFile, rewriting } from './file.test-support'
import { sqlite } from './sqlite'

describe('messages between processes', () => {
  it('a message that cannot be read is said to be missing', async () => {
    const file = newFile()
    const clock = new ManualClock()
    const [one, two, hand] = [sqlite(file.connect(), { clock }), sqlite(file.connect(), { clock }), file.connect()]
    const heard: (Message | 'gap')[] = []
    await two.listen(
      (message) => heard.push(message),
      () => heard.push('gap'),
    )
    await one.send({ kind: 'cancel', sessionId: 'a' })
    hand.prepare("UPDATE messages SET content = '{'").run()
    await one.send({ kind: 'cancel', sessionId: 'b' })
    await clock.advance(100)
    expect(heard).toEqual(['gap', { kind: 'cancel', sessionId: 'b' }])
    await two.close()
  })

  it('writes messages only while another process listens, and keeps a bounded number', async () => {
    const file = newFile()
    const clock = new ManualClock()
    const [one, two, hand] = [sqlite(file.connect(), { clock }), sqlite(file.connect(), { clock }), file.connect()]
    const kept = () => (hand.prepare('SELECT count(*) AS count FROM messages').get() as { count: number }).count
    await one.listen(
      () => {},
      () => {},
    )
    await one.put(entry(), LONG_MS)
    expect(kept()).toBe(0)

    let gaps = 0
    const stop = await two.listen(
      () => {},
      () => gaps++,
    )
    const cancel = () => one.send({ kind: 'cancel', sessionId: 'a' })
    await Promise.all(Array.from({ length: 6_000 }, cancel))
    expect(kept()).toBeLessThan(4_096 + 256 + 1)
    await clock.advance(10_000)
    expect(gaps).toBe(1)

    stop()
    await two.put(entry({ id: 'b' }), LONG_MS)
    const left = kept()
    await cancel()
    expect(kept()).toBe(left)
    for (let step = 0; step < 40; step++) {
      await clock.advance(5_000)
      await cancel()
    }
    expect(kept()).toBe(0)
    await one.close()
  })

  it('26: who was away too long to be written to is told that it missed some', async () => {
    const file = newFile()
    const [clock, slow] = [new ManualClock(), new ManualClock()]
    const [one, two] = [sqlite(file.connect(), { clock }), sqlite(file.connect(), { clock: slow })]
    const heard: string[] = []
    await two.listen(
      (message) => heard.push(message.kind),
      () => heard.push('gap'),
    )
    await clock.advance(20_000)
    await one.send({ kind: 'cancel', sessionId: 'a' })
    expect(heard).toEqual([])
    slow.jump(20_000) // the process was stopped, and goes on
    await slow.advance(50)
    await expect.poll(() => heard).toEqual(['gap'])
    await one.send({ kind: 'cancel', sessionId: 'b' })
    await slow.advance(100)
    expect(heard).toEqual(['gap', 'cancel'])
    await two.close()
  })

  /** How often a process hears what it tells itself, with another one listening. */
  async function timesHeard(rewrite: (sql: string) => string): Promise<number> {
    const file = newFile()
    const clock = new ManualClock()
    const one = sqlite(rewriting(file.connect(), rewrite), { clock })
    const two = sqlite(file.connect(), { clock })
    let times = 0
    const stop = [await one.listen(() => times++, ignore), await two.listen(ignore, ignore)]
    await one.send({ kind: 'cancel', sessionId: 'a' })
    await clock.advance(1_000)
    for (const end of stop) end()
    return times
  }

  it('are not read by the one that has told them', async () => {
    expect(await timesHeard((sql) => sql)).toBe(1)
  })

  it('twin: where they are, it hears them twice', async () => {
    expect(await timesHeard((sql) => sql.replace('teller = ?', 'coalesce(?, 0) = 0'))).toBe(2)
  })
})

function ignore(): void {}
