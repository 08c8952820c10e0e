// Facts about the end of a link: how it is told, and that nothing comes after it.
import { alike, hold } from '@progress/protocol/testing'
import { isClosed, type Promises, type Standing, state } from './bench'

/** What `close` and `closed` promise. */
export const ends: Promises = Object.freeze({
  'a line that breaks is told by closed(), once, without a code': {
    async prove({ stand, join, drop, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      await drop(standing)
      await quiet()
      isClosed(standing, undefined, ['opened', 'closed'])
    },
  },
  'a goodbye is told by closed(), once, with its code and when to come back': {
    needs: ['bye'],
    async prove({ stand, join, until, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      standing.line.bye({ code: 'DRAINING', retryAfterMs: 1_500 })
      await until(() => standing.told.length > 1, 'a goodbye is told by closed()')
      await quiet()
      isClosed(standing, 'DRAINING', ['opened', 'closed'])
      const [, why] = standing.told.at(-1) ?? []
      alike((why as { retryAfterMs?: unknown }).retryAfterMs, 1_500, 'closed() says when to come back')
    },
  },
  'nothing is told after closed()': {
    async prove({ stand, join, drop, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      await drop(standing)
      goOn(standing)
      await quiet()
      isClosed(standing, undefined, ['opened', 'closed'])
    },
  },
  'nothing is told after close(), and closed() is not told for it': {
    async prove({ stand, join, until, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      standing.line.say('progress-update', state('a', 2))
      await until(() => standing.told.length > 1, 'what the server says is told')
      standing.line.say('progress-update', state('a', 3)) // on its way when somebody hangs up
      standing.link.close()
      const before = standing.told.length
      goOn(standing)
      await quiet()
      alike(standing.told.slice(before), [], 'nothing is told after close()')
    },
  },
  'nothing is told where close() came before the link stood': {
    async prove({ dial, server, quiet }) {
      for (const luck of ['taken', 'broken'] as const) {
        server.meet(luck)
        const { link, told } = dial()
        link.close()
        await quiet()
        alike(told, [], 'nothing is told after close(), whatever becomes of the dial')
      }
    },
  },
  'close() hangs up: the server sees the line end': {
    needs: ['hangUp'],
    async prove({ stand, dial, server, until, quiet }) {
      const { link } = await stand()
      link.close()
      dial().link.close()
      await quiet()
      await until(() => server.lines.every(({ isOpen }) => !isOpen), 'close() hangs up, also before the link stands')
    },
  },
  'close() twice does no harm, nor does it after closed()': {
    async prove({ stand, dial, server, until, quiet }) {
      const standing = await stand()
      standing.link.close()
      standing.link.close()
      server.meet('broken')
      const { link, told } = dial()
      await until(() => told.length > 0, 'a dial that breaks is told by closed()')
      link.close()
      await quiet()
      alike([standing.told.length, told.length], [1, 1], 'nothing is told after close()')
    },
  },
  'what is sent after the end goes nowhere, and does no harm': {
    async prove({ stand, join, drop, quiet }) {
      const answers: unknown[] = []
      const [closed, broken] = [await stand(), await stand()]
      for (const one of [closed, broken]) await join(one, 'a')
      closed.link.close()
      await drop(broken)
      for (const { link, line } of [closed, broken]) {
        const heard = line.heard.length
        link.send('join-progress', ['b'], (answer) => answers.push(answer))
        await quiet()
        hold(line.heard.length === heard, 'what is sent after the end of a link goes nowhere')
      }
      alike(answers, [], 'no answer comes after the end of a link')
    },
  },
} satisfies Promises)

/** The server does not know yet that nobody listens. */
function goOn({ line }: Standing): void {
  line.say('progress-update', state('a', 8))
  line.say('progress-complete', state('a', 9, { status: 'completed' }))
  line.drop()
}
