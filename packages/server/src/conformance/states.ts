// Facts about states: what is stored, what is passed over, and what is found again.
import { LIMITS } from '@progress/protocol'
import { alike, hold } from '@progress/protocol/testing'
import { type Bench, entriesIn, entry, LONG_MS, SHORT_MS } from './bench'

type Facts = Readonly<Record<string, (bench: Bench) => Promise<void>>>

/** What `put`, `get` and the lists promise. */
export const states: Facts = Object.freeze({
  'a state that was put is there, as it was': async ({ backend, peer }) => {
    const put = entry({
      snapshot: { current: 3, total: 7, unit: 'rows', message: 'x', metadata: { a: { b: [1, null] } } },
    })
    alike(await backend.put(put, LONG_MS), true, 'put() answers true for a session that is new')
    alike(await entriesIn(peer, ['s-1']), [put], 'get() gives the entry that was put')
  },
  'the newest revision wins': async ({ backend }) => {
    await backend.put(entry({ revision: 1 }), LONG_MS)
    alike(await backend.put(entry({ revision: 10 }), LONG_MS), true, 'put() answers true for a higher revision')
    alike(await entriesIn(backend, ['s-1']), [entry({ revision: 10 })], 'the higher revision is stored')
  },
  'an older and an equal position are passed over': async ({ backend, peer }) => {
    await backend.put(entry({ revision: 10 }), LONG_MS)
    const late = [
      entry({ revision: 9, snapshot: { message: 'late' } }),
      entry({ revision: 10, snapshot: { message: 'again' } }),
    ]
    for (const old of late) alike(await peer.put(old, LONG_MS), false, 'put() answers false for what is not newer')
    alike(await entriesIn(backend, ['s-1']), [entry({ revision: 10 })], 'what is not newer changes nothing')
  },
  'nothing follows an end in its epoch': async ({ backend }) => {
    await backend.put(entry({ revision: 2, isEnded: true }), LONG_MS)
    for (const after of [entry({ revision: 3 }), entry({ revision: 4, isEnded: true })]) {
      alike(await backend.put(after, LONG_MS), false, 'put() answers false for anything after an end in the same epoch')
    }
    alike(await entriesIn(backend, ['s-1']), [entry({ revision: 2, isEnded: true })], 'the first end stands')
  },
  'a newer epoch replaces, also an end and a higher revision': async ({ backend }) => {
    await backend.put(entry({ revision: 50, isEnded: true }), LONG_MS)
    alike(await backend.put(entry({ life: 1 }), LONG_MS), true, 'put() answers true for a newer epoch')
    alike(await backend.put(entry({ revision: 99 }), LONG_MS), false, 'put() answers false for an older epoch')
    alike(await entriesIn(backend, ['s-1']), [entry({ life: 1 })], 'the newer epoch is stored')
  },
  'a live session gives way to no other owner, an ended one does': async ({ backend, peer }) => {
    await backend.put(entry({ revision: 1 }), LONG_MS)
    for (const owner of ['bob', null]) {
      alike(await peer.put(entry({ life: 1, owner }), LONG_MS), false, 'put() answers false over a live one of another')
    }
    alike(await entriesIn(backend, ['s-1']), [entry({ revision: 1 })], 'the live session stands')
    alike(await backend.listByOwner('bob'), [], 'who was refused has nothing')
    await backend.put(entry({ revision: 2, isEnded: true }), LONG_MS)
    alike(await peer.put(entry({ life: 1, owner: 'bob' }), LONG_MS), true, 'put() answers true over an end')
  },
  'get keeps the order of the ids, and gives null where there is none': async ({ backend }) => {
    for (const id of ['b', 'a']) await backend.put(entry({ id }), LONG_MS)
    const asked = await entriesIn(backend, ['a', 'nobody', 'b', 'a'])
    alike(asked, [entry({ id: 'a' }), null, entry({ id: 'b' }), entry({ id: 'a' })], 'get() answers one for each id')
    alike(await entriesIn(backend, []), [], 'get() of no ids answers an empty list')
  },
  'an owner has all of his own, running and ended': async ({ backend, peer }) => {
    const own = [entry({ id: 'a' }), entry({ id: 'b', isEnded: true })]
    for (const put of [...own, entry({ id: 'c', owner: 'bob' }), entry({ id: 'd', owner: null })]) {
      await backend.put(put, LONG_MS)
    }
    alike(byId(await peer.listByOwner('ada')), own, 'listByOwner() gives the running and the ended ones')
    for (const nobody of ['', 'null', 'eve']) {
      alike(await peer.listByOwner(nobody), [], 'listByOwner() gives nothing to whom nothing belongs')
    }
  },
  'a session whose owner changes leaves the list of the one before': async ({ backend }) => {
    await backend.put(entry({ isEnded: true }), LONG_MS)
    await backend.put(entry({ life: 1, owner: 'bob', isEnded: true }), LONG_MS)
    alike(await backend.listByOwner('ada'), [], 'the owner before has it no longer')
    alike(await backend.listByOwner('bob'), [entry({ life: 1, owner: 'bob', isEnded: true })], 'the new owner has it')
    await backend.put(entry({ life: 2, owner: null }), LONG_MS)
    alike(await backend.listByOwner('bob'), [], 'without an owner it is in no list')
  },
  'a process has those that it wrote last and that are active': async ({ backend, peer }) => {
    for (const put of [entry({ id: 'a' }), entry({ id: 'b', isEnded: true }), entry({ id: 'c', node: 'node-2' })]) {
      await backend.put(put, LONG_MS)
    }
    alike(await peer.listActiveByNode('node-1'), [entry({ id: 'a' })], 'listActiveByNode() gives the active ones')
    await backend.put(entry({ id: 'a', revision: 2, node: 'node-2' }), LONG_MS)
    alike(await peer.listActiveByNode('node-1'), [], 'what another process has taken over is its own')
    const theirs = byId(await peer.listActiveByNode('node-2')).map(({ snapshot }) => snapshot.sessionId)
    alike(theirs, ['a', 'c'], 'listActiveByNode() gives what was taken over')
  },
  'an entry is forgotten when its time has run out, everywhere': async ({ backend, until }) => {
    await backend.put(entry({ id: 'short' }), SHORT_MS)
    await backend.put(entry({ id: 'long' }), LONG_MS)
    const isForgotten = async () => (await backend.get(['short']))[0] === null
    await until(isForgotten, 'an entry is forgotten after keepMs')
    alike(await entriesIn(backend, ['long']), [entry({ id: 'long' })], 'another entry is still there')
    alike(await backend.listByOwner('ada'), [entry({ id: 'long' })], 'listByOwner() gives no forgotten entry')
    alike(
      await backend.listActiveByNode('node-1'),
      [entry({ id: 'long' })],
      'listActiveByNode() gives no forgotten entry',
    )
  },
  'an entry that is stored again is kept on': async ({ backend, pass }) => {
    await backend.put(entry(), SHORT_MS)
    await backend.put(entry({ revision: 2 }), LONG_MS)
    await pass(SHORT_MS * 2)
    alike(
      await entriesIn(backend, ['s-1']),
      [entry({ revision: 2 })],
      'the longer time counts when it was stored again',
    )
  },
  'text is data, whatever stands in it': async ({ backend, peer }) => {
    for (const [index, odd] of ODD.entries()) {
      const put = entry({
        id: `odd-${index}`,
        owner: odd,
        node: odd,
        snapshot: { message: odd, metadata: { text: odd } },
      })
      await backend.put(put, LONG_MS)
      alike(await entriesIn(peer, [`odd-${index}`]), [put], 'get() gives odd text back as it was')
      alike(await peer.listByOwner(odd), [put], 'listByOwner() finds an odd owner, and nobody else')
      alike(await peer.listActiveByNode(odd), [put], 'listActiveByNode() finds an odd node, and no other')
    }
    for (const id of ['__proto__', 'constructor', 'a:b', '..', 'x'.repeat(LIMITS.sessionIdChars)]) {
      alike(await entriesIn(backend, [id]), [null], 'get() gives null for an odd id that was never put')
      await backend.put(entry({ id, owner: 'odd' }), LONG_MS)
      alike(await entriesIn(peer, [id]), [entry({ id, owner: 'odd' })], 'get() finds an odd id')
    }
  },
  'a large snapshot comes back whole': async ({ backend }) => {
    const most = LIMITS.snapshotBytes - 1_000
    const large = entry({ snapshot: { metadata: { text: 'é'.repeat(most / 2) } } })
    await backend.put(large, LONG_MS)
    alike(await entriesIn(backend, ['s-1']), [large], 'get() gives a snapshot of 12 kB back whole')
  },
  'a thousand writes of one session at once end with the newest': async ({ backend, peer }) => {
    const revisions = Array.from({ length: 1_000 }, (_, index) => ((index * 7_919) % 1_000) + 1)
    await Promise.all(
      revisions.map((revision, index) => (index % 2 ? backend : peer).put(entry({ revision }), LONG_MS)),
    )
    const [stored] = await backend.get(['s-1'])
    hold(
      stored?.snapshot.revision === 1_000,
      `the newest of many writes is stored, not revision ${stored?.snapshot.revision}`,
    )
  },
  'of several ends at once exactly one is stored': async ({ backend, peer }) => {
    await backend.put(entry(), LONG_MS)
    const put = (_: unknown, index: number) =>
      (index % 2 ? backend : peer).put(entry({ revision: index + 2, isEnded: true }), LONG_MS)
    const answers = await Promise.all(Array.from({ length: 50 }, put))
    alike(answers.filter(Boolean).length, 1, 'put() answers true for one end')
  },
} satisfies Facts)

const ODD: readonly string[] = Object.freeze([
  '__proto__',
  'constructor',
  'hasOwnProperty',
  `'; DROP TABLE sessions; -- "`,
  '{a}:*?[b]',
  'line\nbreak\ttab\u0000nul',
  'Zoë 日本 🚀 \u202e',
  'x'.repeat(200),
])

function byId<T extends { readonly snapshot: { readonly sessionId: string } }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => (a.snapshot.sessionId < b.snapshot.sessionId ? -1 : 1))
}
