// Facts about commands: that they arrive in their order, and that an answer comes to whoever asked, once.
import { alike } from '@progress/protocol/testing'
import type { CommandAnswer } from '@progress/protocol/wire'
import { events, type Promises, state } from './bench'
import type { FarLine } from './farEnd'

/** What `send` promises. */
export const commands: Promises = Object.freeze({
  'what is sent before the link stands arrives when it does, once, in its order': {
    needs: ['answer'],
    async prove({ dial, server, until, quiet }) {
      const { link } = dial()
      for (const id of ['a', 'b', 'c']) link.send('join-progress', [id], () => {})
      await until(() => (server.lines[0]?.heard.length ?? 0) >= 3, 'what is sent before the link stands arrives')
      await quiet()
      alike(heardBy(server.lines[0]), JOINS, 'what is sent before the link stands arrives once, in its order')
    },
  },
  'what is sent over a link that stands arrives once, in its order': {
    needs: ['answer'],
    async prove({ stand, until, quiet }) {
      const { link, line } = await stand()
      for (const id of ['a', 'b', 'c']) link.send('join-progress', [id], () => {})
      await until(() => line.heard.length >= 3, 'what is sent arrives')
      await quiet()
      alike(heardBy(line), JOINS, 'what is sent arrives once, in its order')
    },
  },
  'all arguments of a command arrive, as they were': {
    needs: ['answer'],
    async prove({ stand, until }) {
      const { link, line } = await stand()
      const reason = 'Zoë said: "enough" & 50 % <done>?'
      link.send('cancel-progress', ['a', reason], () => {})
      await until(() => line.heard.length > 0, 'a command arrives')
      alike(heardBy(line), [['cancel-progress', 'a', reason]], 'all arguments of a command arrive, as they were')
    },
  },
  'an answer comes to whoever asked, whole, and once': {
    needs: ['answer'],
    async prove({ stand, until, quiet }) {
      const { link, line } = await stand()
      const answers: (readonly [string, CommandAnswer<'join-progress'>])[] = []
      for (const id of ['a', 'b']) link.send('join-progress', [id], (answer) => answers.push([id, answer]))
      await until(() => line.heard.length >= 2, 'what is sent arrives')
      // The later one first.
      for (const id of ['b', 'a']) line.heard.find(({ args }) => args[0] === id)?.answer(joined(id))
      await until(() => answers.length >= 2, 'an answer comes')
      for (const { args, answer } of line.heard) answer(joined(String(args[0])))
      await quiet()
      const inOrder = [...answers].sort(([a], [b]) => (a < b ? -1 : 1))
      alike(inOrder, [both('a'), both('b')], 'an answer comes to whoever asked, whole, and once')
    },
  },
  'a refused command is answered with its code and its words': {
    needs: ['answer'],
    async prove({ stand, until }) {
      const { link, line } = await stand()
      const answers: unknown[] = []
      const refused = { error: { code: 'NOT_CANCELLABLE', message: 'It is too late.' } }
      link.send('cancel-progress', ['a'], (answer) => answers.push(answer))
      await until(() => line.heard.length > 0, 'a command arrives')
      line.heard[0]?.answer(refused)
      await until(() => answers.length > 0, 'an answer comes, also where it says no')
      alike(answers, [refused], 'a refused command is answered with its code and its words')
    },
  },
  'an answer that nobody waits for does no harm': {
    needs: ['answer'],
    async prove({ stand, join, until }) {
      const standing = await stand()
      standing.link.send('join-progress', ['a'])
      await until(() => standing.line.heard.length > 0, 'a command without an answer arrives, too')
      standing.line.heard[0]?.answer(joined('a'))
      await join(standing, 'b')
      alike(
        standing.told.filter(([what]) => what === 'closed'),
        [],
        'an answer that nobody waits for closes nothing',
      )
    },
  },
  'an answer that is still to come holds up nothing': {
    needs: ['answer'],
    async prove({ stand, join, until }) {
      const standing = await stand()
      standing.link.send('join-progress', ['a'], () => {})
      await until(() => standing.line.heard.length > 0, 'a command arrives')
      await join(standing, 'b')
      standing.line.say('progress-update', state('b', 2))
      await until(() => events(standing).length > 0, 'an answer that is still to come holds up no event')
    },
  },
  'no answer comes after the end of its link': {
    needs: ['answer'],
    async prove({ stand, drop, until, quiet }) {
      const answers: unknown[] = []
      const [closed, broken] = [await stand(), await stand()]
      for (const { link, line } of [closed, broken]) {
        link.send('join-progress', ['a'], (answer) => answers.push(answer))
        await until(() => line.heard.length > 0, 'a command arrives')
      }
      closed.line.heard[0]?.answer(joined('a')) // on its way when the link ends
      closed.link.close()
      await drop(broken)
      for (const { line } of [closed, broken]) line.heard[0]?.answer(joined('a'))
      await quiet()
      alike(answers, [], 'no answer comes after the end of its link, and none that nobody gave')
    },
  },
} satisfies Promises)

const JOINS = Object.freeze(['a', 'b', 'c'].map((id) => ['join-progress', id]))

function heardBy(line: FarLine | undefined): unknown[] {
  return (line?.heard ?? []).map(({ command, args }) => [command, ...args])
}

function joined(id: string) {
  return { success: true, status: state(id, 1) } as const
}

function both(id: string) {
  return [id, joined(id)] as const
}
