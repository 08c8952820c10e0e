// Facts about messages: who hears what, in which order, and that a state is told if and only if it is stored.

import { alike } from '@progress/protocol/testing'
import type { Message } from '../backend/contract'
import { type Bench, changes, entry, LONG_MS } from './bench'

type Facts = Readonly<Record<string, (bench: Bench) => Promise<void>>>

/** What `send`, `listen` and the telling of `put` promise. */
export const messages: Facts = Object.freeze({
  'a state is told when it is stored, to this process and to others': async ({ backend, peer, ears, until }) => {
    const all = [await ears(backend), await ears(peer)]
    await backend.put(entry(), LONG_MS)
    for (const { heard } of all) {
      await until(() => heard.length > 0, 'a stored state is told')
      alike(heard, [{ kind: 'changed', entry: entry() }], 'the whole entry is told, once')
    }
  },
  'what is passed over is not told': async ({ backend, peer, ears, until }) => {
    const { heard } = await ears(peer)
    await backend.put(entry({ revision: 5 }), LONG_MS)
    await backend.put(entry({ revision: 4 }), LONG_MS)
    await backend.put(entry({ revision: 5 }), LONG_MS)
    await backend.put(entry({ revision: 6, isEnded: true }), LONG_MS)
    await backend.put(entry({ revision: 7 }), LONG_MS)
    await backend.put(entry({ id: 'last' }), LONG_MS)
    await until(() => changes(heard).includes('last@1'), 'a stored state is told')
    alike(changes(heard), ['s-1@5', 's-1@6', 'last@1'], 'a state is told if and only if it was stored')
  },
  'a state is stored by the time it is told': async ({ backend, peer, until }) => {
    const found: Promise<number | undefined>[] = []
    const stop = await peer.listen(
      () => found.push(peer.get(['s-1']).then(([stored]) => stored?.snapshot.revision)),
      () => {},
    )
    await backend.put(entry({ revision: 3 }), LONG_MS)
    await until(() => found.length > 0, 'a stored state is told')
    stop()
    alike(await Promise.all(found), [3], 'who hears of a state can read it')
  },
  'messages reach this process and others, as they were sent': async ({ backend, peer, ears, until }) => {
    const all = [await ears(backend), await ears(peer)]
    const sent: Message[] = [
      { kind: 'cancel', sessionId: 's-1', reason: `"it's" enough 🚀` },
      { kind: 'cancel', sessionId: 's-1' },
      { kind: 'revoke', whose: { userId: '__proto__' } },
      { kind: 'revoke', whose: { loginId: 'l-1' } },
      { kind: 'revoke', whose: { loginId: 'g-1' } },
    ]
    for (const message of sent) await backend.send(message)
    for (const { heard } of all) {
      await until(() => heard.length >= sent.length, 'what was sent is heard')
      alike(heard, sent, 'messages arrive as they were sent')
    }
  },
  'what one process tells is heard in its order': async ({ backend, peer, ears, until }) => {
    const { heard } = await ears(peer)
    const asked: Promise<unknown>[] = []
    for (let revision = 1; revision <= 100; revision++) {
      asked.push(backend.put(entry({ revision }), LONG_MS))
      asked.push(backend.send({ kind: 'cancel', sessionId: String(revision) }))
    }
    await Promise.all(asked)
    await until(() => heard.length >= 200, 'all that was told is heard')
    const numbers = heard.map((one) =>
      one.kind === 'changed' ? one.entry.snapshot.revision : one.kind === 'cancel' && +one.sessionId,
    )
    const inOrder = Array.from({ length: 200 }, (_, index) => Math.floor(index / 2) + 1)
    alike(numbers, inOrder, 'messages of one process arrive in the order in which it told them')
  },
  'two listeners of one process both hear': async ({ backend, ears, until }) => {
    const [first, second] = [await ears(), await ears()]
    await backend.put(entry(), LONG_MS)
    for (const { heard } of [first, second]) await until(() => heard.length === 1, 'each listener hears')
  },
  'one that has stopped hears nothing, and the others go on': async ({ backend, ears, until }) => {
    const [gone, stays] = [await ears(), await ears()]
    gone.stop()
    gone.stop()
    await backend.put(entry(), LONG_MS)
    await until(() => stays.heard.length === 1, 'the other listener still hears')
    alike(gone.heard, [], 'who has stopped hears nothing')
  },
  'one that throws keeps nothing from the others, and fails no write': async ({ backend, ears, until }) => {
    const stop = await backend.listen(
      () => {
        throw new Error('a listener of the contract threw')
      },
      () => {},
    )
    const { heard } = await ears()
    alike(await backend.put(entry(), LONG_MS), true, 'put() answers true although a listener throws')
    await backend.put(entry({ revision: 2 }), LONG_MS)
    await until(() => heard.length === 2, 'the other listener hears all')
    stop()
  },
  'who comes later hears from then on': async ({ backend, ears, until }) => {
    const early = await ears()
    await backend.put(entry(), LONG_MS)
    await until(() => early.heard.length === 1, 'a stored state is told')
    const late = await ears()
    await backend.put(entry({ revision: 2 }), LONG_MS)
    await until(() => late.heard.length > 0, 'a late listener hears')
    alike(changes(late.heard), ['s-1@2'], 'nothing is told again to who comes later')
  },
} satisfies Facts)
