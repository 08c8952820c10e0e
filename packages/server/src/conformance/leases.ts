// Facts about who lives, who may do what only one may do, and how often something was counted.

import { alike, hold } from '@progress/protocol/testing'
import { type Bench, entriesIn, entry, epoch, LONG_MS, lines, SHORT_MS } from './bench'

type Facts = Readonly<Record<string, (bench: Bench) => Promise<void>>>

/** What `heartbeat`, `silence`, `claim`, `count` and `close` promise. */
export const leases: Facts = Object.freeze({
  'silence is the time since the last word, in the order of the nodes': async ({ backend, peer, pass }) => {
    await backend.heartbeat('node-1', LONG_MS, LONG_MS)
    await pass(SHORT_MS)
    await backend.heartbeat('node-2', LONG_MS, LONG_MS)
    const [second, nobody, first] = await peer.silence(['node-2', 'nobody', 'node-1'])
    alike(nobody, null, 'silence() gives null for who never spoke')
    hold(isWithin(second, 0, LONG_MS), `silence() gives milliseconds, not ${second}`)
    hold(isWithin(first, SHORT_MS - 50, LONG_MS), `silence() gives the time since the last word, not ${first}`)
    hold((first as number) > (second as number), 'silence() is longer for who spoke earlier')
    alike(await peer.silence([]), [], 'silence() of nobody is an empty list')
  },
  'a new word ends the silence': async ({ backend, pass }) => {
    await backend.heartbeat('node-1', LONG_MS, LONG_MS)
    await pass(SHORT_MS)
    const [before] = await backend.silence(['node-1'])
    await backend.heartbeat('node-1', LONG_MS, LONG_MS)
    const [after] = await backend.silence(['node-1'])
    hold(
      typeof before === 'number' && typeof after === 'number' && after < before,
      'silence() begins anew with each word',
    )
  },
  'who has not spoken for its time is gone': async ({ backend, until }) => {
    await backend.heartbeat('short', SHORT_MS, LONG_MS)
    await backend.heartbeat('long', LONG_MS, LONG_MS)
    const isGone = async () => (await backend.silence(['short']))[0] === null
    await until(isGone, 'silence() gives null when the time of a process has run out')
    const [long] = await backend.silence(['long'])
    hold(typeof long === 'number', 'another process is still there')
  },
  'what a process works on is kept on as long as it speaks, with its lines': async ({ backend, peer, pass }) => {
    for (const put of [entry({ id: 'a' }), entry({ id: 'ended', isEnded: true }), entry({ id: 'b', node: 'node-2' })]) {
      await backend.put(put, SHORT_MS)
    }
    await backend.appendLog('a', epoch(0), lines(0, 2), 'node-1')
    for (let beat = 0; beat < 3; beat++) {
      await backend.heartbeat('node-1', SHORT_MS, SHORT_MS * 2)
      await pass(SHORT_MS)
    }
    const kept = [entry({ id: 'a' })]
    alike(
      await entriesIn(peer, ['a', 'ended', 'b']),
      [...kept, null, null],
      'heartbeat() keeps on what runs there, no other',
    )
    alike(await peer.listByOwner('ada'), kept, 'listByOwner() gives what was kept on')
    alike(await peer.listActiveByNode('node-1'), kept, 'listActiveByNode() gives what was kept on')
    alike((await peer.readLog('a', epoch(0), -1)).lines, lines(0, 2), 'heartbeat() keeps the lines on')
  },
  'what was kept on is forgotten when its process has been silent for that long': async ({ backend, until }) => {
    await backend.put(entry(), SHORT_MS)
    await backend.heartbeat('node-1', SHORT_MS, SHORT_MS * 2)
    const isForgotten = async () => (await backend.get(['s-1']))[0] === null
    await until(isForgotten, 'an active entry is forgotten when nobody keeps it on')
  },
  'a heartbeat never shortens what was asked for': async ({ backend, pass }) => {
    await backend.put(entry(), LONG_MS)
    await backend.heartbeat('node-1', SHORT_MS, SHORT_MS)
    await pass(SHORT_MS * 2)
    alike(await entriesIn(backend, ['s-1']), [entry()], 'keepMs of put() counts where it is longer')
  },
  'exactly one of many gets a claim': async ({ backend, peer }) => {
    const claim = (_: unknown, index: number) => (index % 2 ? backend : peer).claim('lost:node-1', LONG_MS)
    const answers = await Promise.all(Array.from({ length: 50 }, claim))
    alike(answers.filter(Boolean).length, 1, 'claim() answers true to exactly one')
    alike(await backend.claim('lost:node-1', LONG_MS), false, 'claim() answers false as long as it is held')
    alike(await backend.claim('lost:node-2', LONG_MS), true, 'a claim of another name is free')
  },
  'a claim is free again when its time has run out': async ({ backend, peer, until }) => {
    alike(await backend.claim('name', SHORT_MS), true, 'claim() answers true to the first')
    alike(await peer.claim('name', SHORT_MS), false, 'claim() answers false to the second')
    await until(() => peer.claim('name', LONG_MS), 'a claim is free again after its time')
    alike(await backend.claim('name', SHORT_MS), false, 'the new claim is held')
  },
  'a counter counts every call, of all processes': async ({ backend, peer }) => {
    const count = (_: unknown, index: number) => (index % 2 ? backend : peer).count('logins', LONG_MS)
    const answers = await Promise.all(Array.from({ length: 50 }, count))
    const all = Array.from({ length: 50 }, (_, index) => index + 1)
    alike(
      [...answers].sort((a, b) => a - b),
      all,
      'count() gives each number once',
    )
    alike(await backend.count('others', LONG_MS), 1, 'a counter of another name begins at 1')
  },
  'a counter is forgotten after its window, however often it was counted': async ({ backend, until }) => {
    alike(await backend.count('calls', SHORT_MS), 1, 'count() begins at 1')
    let last = 1
    const isAnew = async () => {
      const now = await backend.count('calls', SHORT_MS)
      const begins = now < last
      if (!begins) alike(now, last + 1, 'count() adds one')
      last = now
      return begins
    }
    await until(isAnew, 'a counter begins anew when the window that its first count opened has run out')
    alike(last, 1, 'a counter begins anew at 1')
  },
  'odd names of nodes, claims and counters are names': async ({ backend }) => {
    for (const odd of ['__proto__', 'constructor', `'";--`, 'Zoë 🚀', '{x}:*', 'x'.repeat(200)]) {
      alike(await backend.silence([odd]), [null], 'an odd node is unknown at first')
      await backend.heartbeat(odd, LONG_MS, LONG_MS)
      hold(typeof (await backend.silence([odd]))[0] === 'number', 'an odd node lives when it has spoken')
      alike(
        [await backend.claim(odd, LONG_MS), await backend.claim(odd, LONG_MS)],
        [true, false],
        'an odd claim is held',
      )
      alike([await backend.count(odd, LONG_MS), await backend.count(odd, LONG_MS)], [1, 2], 'an odd counter counts')
    }
  },
  'close ends, also when it is called twice': async ({ backend, ears }) => {
    await ears()
    await backend.close()
    await backend.close()
  },
} satisfies Facts)

function isWithin(value: number | null | undefined, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value < most
}
