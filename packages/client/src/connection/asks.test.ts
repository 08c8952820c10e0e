import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { FakeLink } from '../fakeTransport.test-kit'
import { Asks } from './asks'

function rig() {
  const clock = new ManualClock()
  const links: FakeLink[] = []
  const asks = new Asks(clock, (command, args, answer) => {
    for (const link of links) link.send(command, args, answer)
  })
  const dial = (): FakeLink => {
    const link = new FakeLink({ opened() {}, closed() {}, event() {} })
    links.push(link)
    asks.greet(link)
    return link
  }
  return { clock, asks, dial }
}

const FAILED = { error: { code: 'NETWORK_ERROR', message: 'the server did not answer' } }

describe('a question', () => {
  it('is asked over all links, and the first answer counts', async () => {
    const { asks, dial, clock } = rig()
    const [one, other] = [dial(), dial()]
    const asked = asks.ask('cancel-progress', ['a', 'why'])
    expect([one.sent[0]?.args, other.sent[0]?.args]).toEqual([
      ['a', 'why'],
      ['a', 'why'],
    ])
    other.answer('cancel-progress', { success: true })
    one.answer('cancel-progress', FAILED)
    expect(await asked).toEqual({ success: true })
    expect(clock.pending).toBe(0)
  })

  it('is asked again over each new link, until there is an answer', async () => {
    const { asks, dial, clock } = rig()
    const asked = asks.ask('cancel-progress', ['a'])
    const first = dial()
    await clock.advance(4_000)
    const second = dial()
    second.answer('cancel-progress', { success: true })
    expect([await asked, first.sent.length, dial().sent.length]).toEqual([{ success: true }, 1, 0])
  })

  it('is given up after 5 s, and asked no more', async () => {
    const { asks, dial, clock } = rig()
    const asked = asks.ask('cancel-progress', ['a'])
    const link = dial()
    await clock.advance(5_000)
    expect(await asked).toEqual(FAILED)
    link.answer('cancel-progress', { success: true })
    expect([dial().sent.length, clock.pending]).toEqual([0, 0])
  })

  it('91: is given up when nobody will answer any more, and leaves no timer', async () => {
    const { asks, clock } = rig()
    const asked = [asks.ask('cancel-progress', ['a']), asks.ask('cancel-progress', ['b'])]
    asks.close()
    expect(await Promise.all(asked)).toEqual([FAILED, FAILED])
    expect(clock.pending).toBe(0)
  })
})
