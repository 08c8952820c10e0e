// Facts about log lines: numbered, bounded, and gone with their session.
import { LIMITS } from '@progress/protocol'
import { alike, hold } from '@progress/protocol/testing'
import type { Backend } from '../backend/contract'
import { type Bench, entry, epoch, LONG_MS, lines, SHORT_MS } from './bench'

type Facts = Readonly<Record<string, (bench: Bench) => Promise<void>>>

const LIFE = epoch(0)

/** What `appendLog` and `readLog` promise, and `get` of lines. */
export const logs: Facts = Object.freeze({
  'lines are read from the one after the last that is known': async ({ backend, peer }) => {
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 3), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(3, 2), 'node-1')
    alike(await peer.readLog('s-1', LIFE, -1), { lines: lines(0, 5), gap: 0 }, 'readLog() after -1 gives all lines')
    alike(await peer.readLog('s-1', LIFE, 2), { lines: lines(3, 2), gap: 0 }, 'readLog() gives those after a line')
    alike(await peer.readLog('s-1', LIFE, 4), { lines: [], gap: 0 }, 'readLog() gives nothing after the last')
  },
  'where no line was written there is none, and no gap': async ({ backend }) => {
    alike(await backend.readLog('s-1', LIFE, -1), { lines: [], gap: 0 }, 'readLog() of an unknown session is empty')
    await backend.put(entry(), LONG_MS)
    alike(await backend.readLog('s-1', LIFE, 7), { lines: [], gap: 0 }, 'readLog() of a silent session is empty')
  },
  'as many lines are kept as the limit says, and the gap is counted': async ({ backend }) => {
    const kept = LIMITS.logLines
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, kept), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(kept, 50), 'node-1')
    alike(await backend.readLog('s-1', LIFE, -1), { lines: lines(50, kept), gap: 50 }, 'the last lines are kept')
    alike(await backend.readLog('s-1', LIFE, 9), { lines: lines(50, kept), gap: 40 }, 'the gap counts what is gone')
    alike(await backend.readLog('s-1', LIFE, 99), { lines: lines(100, kept - 50), gap: 0 }, 'there is no gap within')
  },
  'lines that come again are passed over': async ({ backend, ears, until }) => {
    const { heard } = await ears()
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 3), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(0, 5), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(1, 2), 'node-1')
    alike(await backend.readLog('s-1', LIFE, -1), { lines: lines(0, 5), gap: 0 }, 'a line is kept once')
    await backend.appendLog('s-1', LIFE, lines(5, 1), 'node-1')
    const numbers = () =>
      heard.flatMap((message) => (message.kind === 'log' ? message.lines.map(({ line }) => line) : []))
    await until(() => numbers().includes(5), 'lines are told')
    alike(numbers(), [0, 1, 2, 3, 4, 5], 'a line is told once, in order')
  },
  'a hole in the numbers is a gap, not a renumbering': async ({ backend }) => {
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 3), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(10, 2), 'node-1')
    alike(await backend.readLog('s-1', LIFE, 0), { lines: lines(10, 2), gap: 9 }, 'what stood before a hole is gone')
  },
  'a new epoch begins without lines, and late ones of the old are passed over': async ({ backend }) => {
    const next = epoch(1)
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 3), 'node-1')
    await backend.put(entry({ life: 1 }), LONG_MS)
    alike(await backend.readLog('s-1', next, -1), { lines: [], gap: 0 }, 'a new epoch has no lines yet')
    await backend.appendLog('s-1', next, lines(0, 1), 'node-1')
    await backend.appendLog('s-1', LIFE, lines(3, 2), 'node-1')
    alike(
      await backend.readLog('s-1', next, -1),
      { lines: lines(0, 1), gap: 0 },
      'late lines of an old epoch change nothing',
    )
    alike(await backend.readLog('s-1', LIFE, -1), { lines: [], gap: 0 }, 'an old epoch has no lines any more')
  },
  'where a state says whether its epoch has lines, that is so': async ({ backend, peer }) => {
    const isSo = async (hasLog: boolean, when: string) => {
      for (const one of [backend, peer]) {
        const said = await linesSaid(one)
        hold(
          said === undefined || said === hasLog,
          `get() says whether there are lines as it is ${when}, or not at all`,
        )
      }
    }
    await backend.put(entry(), LONG_MS)
    await isSo(false, 'before the first')
    await backend.appendLog('s-1', LIFE, lines(0, 1), 'node-1')
    await isSo(true, 'after the first')
    await backend.put(entry({ revision: 2, isEnded: true }), LONG_MS)
    await isSo(true, 'after the end')
    await backend.put(entry({ life: 1 }), LONG_MS)
    await isSo(false, 'in a new epoch')
    await backend.appendLog('s-1', LIFE, lines(1, 1), 'node-1')
    await isSo(false, 'where lines of an old epoch come late')
    await backend.appendLog('s-1', epoch(1), lines(0, 1), 'node-1')
    await isSo(true, 'where the new epoch has lines, too')
  },
  'lines go with their session': async ({ backend, until }) => {
    await backend.put(entry(), SHORT_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 3), 'node-1')
    const isForgotten = async () => (await backend.readLog('s-1', LIFE, -1)).lines.length === 0
    await until(isForgotten, 'lines are forgotten with their session')
  },
  'lines are told with their session, epoch and process': async ({ backend, peer, ears, until }) => {
    const { heard } = await ears(peer)
    await backend.put(entry(), LONG_MS)
    await backend.appendLog('s-1', LIFE, lines(0, 2), 'node-1')
    await until(() => heard.some(({ kind }) => kind === 'log'), 'lines are told')
    const told = heard.filter(({ kind }) => kind === 'log')
    alike(told, [{ kind: 'log', sessionId: 's-1', epoch: LIFE, lines: lines(0, 2), node: 'node-1' }], 'lines are told')
  },
} satisfies Facts)

async function linesSaid(backend: Backend): Promise<boolean | undefined> {
  const [stored] = await backend.get(['s-1'])
  return stored?.hasLog
}
