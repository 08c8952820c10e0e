import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { settled } from '../clientRig.test-kit'
import { Emitter } from '../emitter'
import { FakeLink } from '../fakeTransport.test-kit'
import { Sessions } from './sessions'

/** Sessions over as many links as were greeted. */
function rig() {
  const links: FakeLink[] = []
  const sessions = new Sessions({
    clock: new ManualClock(),
    emitter: new Emitter(),
    decode: undefined,
    send: (command, args, answer) => {
      for (const link of links) link.send(command, args, answer)
    },
    cancel: async () => ({ ok: true }),
    compare: () => {},
    trace: () => {},
  })
  const dial = (): FakeLink => {
    const link = new FakeLink({ opened() {}, closed() {}, event() {} })
    links.push(link)
    sessions.greet(link)
    return link
  }
  return { sessions, dial }
}

describe('while push is dialled, and the next way stands', () => {
  it('what is wanted in the turn of a dial is asked for over both, once each', async () => {
    const { sessions, dial } = rig()
    const standing = dial()
    sessions.watch('a', undefined)
    sessions.watchMine()
    const dialled = dial()
    await settled()
    for (const link of [standing, dialled]) {
      expect(link.sent.map(({ command }) => command).sort()).toEqual(['join-progress', 'list-progress'])
    }
  })

  it('what was wanted before is asked for over the new one, too', async () => {
    const { sessions, dial } = rig()
    sessions.watch('a', undefined)
    sessions.watchMine()
    await settled()
    const link = dial()
    await settled()
    expect(link.sent.map(({ command }) => command).sort()).toEqual(['join-progress', 'list-progress'])
  })
})
