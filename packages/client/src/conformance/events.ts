// Facts about events: what the server says is told in its order, whole, and as it was said.
import { alike, hold } from '@progress/protocol/testing'
import type { ServerEventName } from '@progress/protocol/wire'
import { events as eventsOf, type Promises, state } from './bench'

/** What `event` promises. */
export const events: Promises = Object.freeze({
  'each event is told in its order, whole, as it was said, and once': {
    needs: ['eachEvent'],
    async prove({ stand, join, until, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      for (const [name, payload] of SAID) standing.line.say(name, payload)
      await until(() => eventsOf(standing).length >= SAID.length, 'each event is told')
      await quiet()
      alike(eventsOf(standing), SAID, 'each event is told in its order, whole, as it was said, and once')
    },
  },
  'a hundred events at once are told, all of them, in their order': {
    needs: ['eachEvent'],
    async prove({ stand, join, until }) {
      const standing = await stand()
      await join(standing, 'a')
      const revisions = Array.from({ length: 100 }, (_, index) => index + 2)
      for (const revision of revisions) standing.line.say('progress-update', state('a', revision))
      await until(() => eventsOf(standing).length >= revisions.length, 'each of a hundred events is told')
      alike(revisionsOf(eventsOf(standing)), revisions, 'a hundred events are told in their order')
    },
  },
  'the newest state is told, and none that is older than one before it': {
    async prove({ stand, join, until, quiet }) {
      const standing = await stand()
      await join(standing, 'a')
      const newest = () => revisionsOf(eventsOf(standing)).at(-1)
      for (let revision = 2; revision <= 20; revision++) {
        standing.line.say('progress-update', state('a', revision))
        if (revision % 5 === 0) await until(() => newest() === revision, 'the newest of what was said is told')
      }
      await quiet()
      const told = revisionsOf(eventsOf(standing))
      hold(
        told.every((revision, index) => revision >= (told[index - 1] ?? 0)),
        `events of one session are told in their order, and not ${told.join(', ')}`,
      )
      const last = eventsOf(standing).at(-1)
      alike(last, ['progress-update', state('a', 20)], 'the newest state is told whole, as it was said')
    },
  },
  'an end is told, also right after a state': {
    async prove({ stand, join, until }) {
      const standing = await stand()
      await join(standing, 'a')
      const end = state('a', 3, { status: 'completed' })
      standing.line.say('progress-update', state('a', 2))
      standing.line.say('progress-complete', end)
      await until(() => eventsOf(standing).at(-1)?.[0] === 'progress-complete', 'the end of a session is told')
      alike(eventsOf(standing).at(-1)?.[1], end, 'the end of a session is told whole, as it was said')
    },
  },
} satisfies Promises)

/** Payloads that JSON carries, and that a careless hand damages. */
const SAID: readonly (readonly [ServerEventName, unknown])[] = Object.freeze([
  ['progress-update', state('a', 2, { message: 'Zoë 日本 🚀 "quoted" <b>&amp;</b> \\ \u0000 \u2028' })],
  ['progress-log', { sessionId: 'a', epoch: state('a', 1).epoch, from: 0, lines: [{ text: 'one\ntwo\r\n\n' }] }],
  ['progress-update', state('a', 3, { metadata: { nothing: null, none: [], zero: 0, deep: { a: { b: [1, '1'] } } } })],
  ['progress-log', { sessionId: 'a', epoch: state('a', 1).epoch, from: 1, lines: [{ text: 'x'.repeat(20_000) }] }],
  ['progress-batch', { sessions: [state('b', 7), state('c', 8)] }],
  ['progress-complete', state('a', 4, { status: 'completed' })],
])

function revisionsOf(told: readonly (readonly unknown[])[]): number[] {
  return told.map(([, payload]) => (payload as { revision: number }).revision)
}
