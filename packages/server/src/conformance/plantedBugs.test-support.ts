// Backends with a planted bug each, made around a good one: a contract that does not catch them proves nothing.
import { isEnd } from '@progress/protocol'
import type { Backend, Entry, Message } from '../backend/contract'
import { over } from './over.test-support'

/** Makes a broken backend of a good one. */
export type PlantedBug = (good: Backend) => Backend

/** The bugs, by their name. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = Object.freeze({
  'the last write wins, also an older one': (good) => withStore(good, () => true),
  'an equal position is stored again': (good) =>
    withStore(
      good,
      (entry, before) =>
        entry.snapshot.epoch > before.snapshot.epoch || entry.snapshot.revision >= before.snapshot.revision,
    ),
  'the revision alone decides': (good) =>
    withStore(good, (entry, before) => entry.snapshot.revision > before.snapshot.revision),
  'a live session is taken by another owner': (good) =>
    over(good, {
      put: async (entry, keepMs) => {
        const [before] = await good.get([entry.snapshot.sessionId])
        if (before && before.owner !== entry.owner && !isEnd(before.snapshot)) {
          const { sessionId, epoch } = before.snapshot
          await good.put({ ...entry, owner: before.owner, snapshot: { ...entry.snapshot, sessionId, epoch } }, keepMs)
          return true
        }
        return good.put(entry, keepMs)
      },
    }),
  'an end is overwritten': (good) => withStore(good, (entry, before) => position(entry) > position(before)),
  'the last write is forgotten': (good) => {
    let writes = 0
    return over(good, { put: async (entry, keepMs) => (++writes > 1 ? true : good.put(entry, keepMs)) })
  },
  'a refused write is answered with true': (good) =>
    over(good, { put: async (entry, keepMs) => (await good.put(entry, keepMs)) || true }),
  'the store looks, and then writes': (good) => {
    const stored = new Map<string, Entry>()
    return over(good, {
      put: async (entry, keepMs) => {
        const { sessionId, revision } = entry.snapshot
        const before = stored.get(sessionId)
        await Promise.resolve()
        if (before && (isEnd(before.snapshot) || before.snapshot.revision >= revision)) return good.put(entry, keepMs)
        stored.set(sessionId, entry)
        await good.put(entry, keepMs)
        return true
      },
      get: async (ids) => ids.map((id) => stored.get(id) ?? null),
    })
  },
  'keepMs is ignored': (good) => over(good, { put: (entry) => good.put(entry, Number.MAX_SAFE_INTEGER) }),
  'the first keepMs counts for ever': (good) => {
    const first = new Map<string, number>()
    return over(good, {
      put: (entry, keepMs) => {
        const { sessionId } = entry.snapshot
        if (!first.has(sessionId)) first.set(sessionId, keepMs)
        return good.put(entry, first.get(sessionId) ?? keepMs)
      },
    })
  },
  'get leaves out what is not there': (good) =>
    over(good, { get: async (ids) => (await good.get(ids)).filter((entry) => entry !== null) }),
  'an owner keeps what he has lost': (good) => {
    const lists = new Map<string, Map<string, Entry>>()
    return over(good, {
      put: async (entry, keepMs) => {
        const list = lists.get(entry.owner ?? '') ?? new Map<string, Entry>()
        lists.set(entry.owner ?? '', list.set(entry.snapshot.sessionId, entry))
        return good.put(entry, keepMs)
      },
      listByOwner: async (owner) => [...(lists.get(owner)?.values() ?? [])],
    })
  },
  'an owner has only what runs': (good) =>
    over(good, {
      listByOwner: async (owner) => (await good.listByOwner(owner)).filter(({ snapshot }) => !isEnd(snapshot)),
    }),
  'ids are keys of a plain object': (good) => {
    const known: Record<string, boolean> = {}
    return over(good, {
      put: (entry, keepMs) => {
        known[entry.snapshot.sessionId] = true
        return good.put(entry, keepMs)
      },
      get: async (ids) => {
        if (ids.some((id) => typeof known[id] === 'object' || typeof known[id] === 'function')) throw new Error('odd')
        return good.get(ids)
      },
    })
  },
  'a message is lost': (good) => {
    let told = 0
    return withEars(good, (message, hear) => (++told === 2 ? undefined : hear(message)))
  },
  'a message is told twice': (good) =>
    withEars(good, (message, hear) => {
      hear(message)
      hear(message)
    }),
  'messages overtake each other': (good) => {
    let held: Message | undefined
    return withEars(good, (message, hear) => {
      if (held) hear(message)
      hear(held ?? message)
      held = held ? undefined : message
    })
  },
  'a refused write is told': (good) =>
    over(good, {
      put: async (entry, keepMs) => {
        const isStored = await good.put(entry, keepMs)
        if (!isStored) await good.send({ kind: 'changed', entry })
        return isStored
      },
    }),
  'who has stopped still hears': (good) =>
    over(good, {
      listen: async (hear, onGap) => {
        await good.listen(hear, onGap)
        return () => {}
      },
    }),
  'log lines are renumbered': (good) =>
    over(good, {
      readLog: async (id, epoch, after) => {
        const { lines, gap } = await good.readLog(id, epoch, after)
        return { gap, lines: lines.map((line, index) => ({ ...line, line: index })) }
      },
    }),
  'a gap in the log is not said': (good) =>
    over(good, { readLog: async (...asked) => ({ ...(await good.readLog(...asked)), gap: 0 }) }),
  'the log of an old epoch is shown for the new one': (good) => {
    let first: string | undefined
    return over(good, {
      appendLog: (id, epoch, lines, node) => {
        first ??= epoch
        return good.appendLog(id, first, lines, node)
      },
      readLog: (id, epoch, after) => good.readLog(id, first ?? epoch, after),
    })
  },
  'a state denies its lines': (good) => withLinesSaid(good, () => false),
  'a state has lines once its session had some': (good) => {
    let hadSome = false
    return withLinesSaid(good, (hasLog) => {
      hadSome ||= hasLog === true
      return hadSome
    })
  },
  'a claim is given twice': (good) => {
    let claims = 0
    return over(good, { claim: async (name, ttlMs) => (await good.claim(name, ttlMs)) || ++claims === 1 })
  },
  'a claim is never free again': (good) => over(good, { claim: (name) => good.claim(name, Number.MAX_SAFE_INTEGER) }),
  'a heartbeat never runs out': (good) =>
    over(good, { heartbeat: (node, _ttlMs, keepMs) => good.heartbeat(node, Number.MAX_SAFE_INTEGER, keepMs) }),
  'a heartbeat keeps nothing on': (good) => over(good, { heartbeat: (node, ttlMs) => good.heartbeat(node, ttlMs, 0) }),
  'what a heartbeat keeps on is never forgotten': (good) =>
    over(good, { heartbeat: (node, ttlMs) => good.heartbeat(node, ttlMs, Number.MAX_SAFE_INTEGER) }),
  'a heartbeat keeps on what others wrote': (good) => {
    const nodes = new Set<string>()
    return over(good, {
      put: (entry, keepMs) => {
        nodes.add(entry.node)
        return good.put(entry, keepMs)
      },
      heartbeat: async (node, ttlMs, keepMs) => {
        await good.heartbeat(node, ttlMs, keepMs)
        for (const other of nodes) if (other !== node) await good.heartbeat(other, 1, keepMs)
      },
    })
  },
  'silence is always 0': (good) =>
    over(good, {
      silence: async (nodes) => (await good.silence(nodes)).map((silentMs) => (silentMs === null ? null : 0)),
    }),
  'each count opens a new window': (good) => {
    const counts = new Map<string, number>()
    return over(good, {
      count: async (name) => {
        counts.set(name, (counts.get(name) ?? 0) + 1)
        return counts.get(name) ?? 0
      },
    })
  },
})

/** Stores what `isNews` lets through, in a map of its own. */
function withStore(good: Backend, isNews: (entry: Entry, before: Entry) => boolean): Backend {
  const stored = new Map<string, Entry>()
  return over(good, {
    put: async (entry, keepMs) => {
      const before = stored.get(entry.snapshot.sessionId)
      if (before && !isNews(entry, before)) return false
      stored.set(entry.snapshot.sessionId, entry)
      await good.put(entry, keepMs)
      return true
    },
    get: async (ids) => ids.map((id) => stored.get(id) ?? null),
  })
}

function withLinesSaid(good: Backend, say: (hasLog: boolean | undefined) => boolean): Backend {
  return over(good, {
    get: async (ids) => (await good.get(ids)).map((stored) => stored && { ...stored, hasLog: say(stored.hasLog) }),
  })
}

function withEars(good: Backend, pass: (message: Message, hear: (message: Message) => void) => void): Backend {
  return over(good, { listen: (hear, onGap) => good.listen((message) => pass(message, hear), onGap) })
}

function position({ snapshot }: Entry): string {
  return `${snapshot.epoch}.${String(snapshot.revision).padStart(16, '0')}`
}
