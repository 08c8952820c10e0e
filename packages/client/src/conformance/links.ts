// Facts about links: how a dial is told, that two of them know nothing of each other, and the time that they live in.
import { alike, hold } from '@progress/protocol/testing'
import { events, isClosed, type Promises, state } from './bench'

/** What `open` promises. */
export const links: Promises = Object.freeze({
  'nothing is told before open() has returned': {
    async prove({ dial, server, until }) {
      for (const luck of ['taken', 'broken'] as const) {
        server.meet(luck)
        const { link, told } = dial()
        alike(told, [], 'nothing is told before open() has returned')
        await until(() => told.length > 0, 'what becomes of a dial is told')
        link.close()
      }
    },
  },
  'a dial that is taken is told by opened(), once': {
    async prove({ stand, quiet }) {
      const { told } = await stand()
      await quiet()
      alike(told, [['opened']], 'opened() is told once, and nothing else')
    },
  },
  'a dial that breaks is told by closed(), once, without a code': {
    async prove({ dial, server, until, quiet }) {
      server.meet('broken')
      const dialled = dial()
      await until(() => dialled.told.length > 0, 'a dial that breaks is told by closed()')
      await quiet()
      isClosed(dialled, undefined, ['closed'])
    },
  },
  'a refusal is told by closed(), once, with its code': {
    needs: ['refuse'],
    async prove({ dial, server, until, quiet }) {
      server.meet({ code: 'UNAUTHENTICATED', message: 'Log in first.' })
      const dialled = dial()
      await until(() => dialled.told.length > 0, 'a refusal is told by closed()')
      await quiet()
      isClosed(dialled, 'UNAUTHENTICATED', ['closed'])
    },
  },
  'a dial that comes after one that broke stands': {
    async prove({ dial, server, until, stand, join }) {
      server.meet('broken')
      const { told } = dial()
      await until(() => told.length > 0, 'a dial that breaks is told by closed()')
      server.meet('taken')
      await join(await stand(), 'a')
    },
  },
  'two links do not mix': {
    async prove({ stand, join, drop, until, quiet }) {
      const [first, second] = [await stand(), await stand()]
      await join(first, 'a')
      await join(second, 'b')
      first.line.say('progress-update', state('a', 2))
      second.line.say('progress-update', state('b', 2))
      const isTold = () => events(first).length > 0 && events(second).length > 0
      await until(isTold, 'what is said over each of two links is told')
      await drop(first)
      await quiet()
      for (const [one, id] of [
        [first, 'a'],
        [second, 'b'],
      ] as const) {
        const isOwn = events(one).every(([, payload]) => (payload as { sessionId?: unknown }).sessionId === id)
        hold(isOwn, 'what is said over one link is told by no other')
      }
      hold(!second.told.some(([what]) => what === 'closed'), 'a line that breaks takes no other with it')
      second.line.say('progress-update', state('b', 3))
      const isNewest = () => alikeRevision(events(second).at(-1)?.[1], 3)
      await until(isNewest, 'the other link goes on when one breaks')
    },
  },
  'the clock of a transport goes with the time that passes': {
    async prove({ transport: { clock }, pass, until }) {
      const began = clock.now()
      let [ran, isLate] = [false, false]
      const cancel = clock.after(20, () => {
        isLate = true
      })
      clock.after(20, () => {
        ran = true
      })
      cancel()
      cancel()
      await until(() => ran, 'what waits on the clock of a transport is called')
      await pass(1)
      hold(!isLate, 'what was taken back is not called')
      hold(clock.now() - began >= 19, 'now() goes on with the time that passes')
    },
  },
  'who no longer waits for a wake may say so twice': {
    async prove({ transport }) {
      const stop = transport.onWake(() => {})
      stop()
      stop()
    },
  },
} satisfies Promises)

function alikeRevision(payload: unknown, revision: number): boolean {
  return (payload as { revision?: unknown } | undefined)?.revision === revision
}
