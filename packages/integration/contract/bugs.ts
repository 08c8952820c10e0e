// Bugs to plant in the test build, each a small change of the real source: the model has to find every one of them. The
// first twelve are those of the model that the delivery contract was designed with.

/** A bug, as changes of text. Each `find` stands exactly once in its file. */
export interface PlantedBug {
  readonly name: string
  readonly patches: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
}

/** All of them. */
export const BUGS: readonly PlantedBug[] = [
  bug(
    'no filter of positions',
    'client/src/sessions/view.ts',
    'if (comparePositions(snapshot, known) <= 0) return view',
    '',
  ),
  bug('an end is told again', 'client/src/sessions/ends.ts', 'if (this.#told.has(end)) return false', ''),
  bug('ends are kept for 5 s', 'server/src/defaults.ts', 'endKeptMs: 15 * 60_000,', 'endKeptMs: 5_000,'),
  bug(
    'every life of an id has the same epoch',
    'server/src/tracker/epochs.ts',
    'return epochAt(this.#newestMs, chance())',
    "return '000000000-00000000'",
  ),
  {
    name: 'the state is read before the room is joined',
    patches: [
      patch(
        'server/src/socket/watches.ts',
        'const fresh = await fromStore(node.recent(sessionId))',
        'const fresh = entry',
      ),
      patch(
        'server/src/socket/watches.ts',
        'await socket.join(sessionRoom(sessionId))',
        'await new Promise<void>((done) => void node.clock.after(200, done))\n    await socket.join(sessionRoom(sessionId))',
      ),
    ],
  },
  bug(
    'no trailing edge of the throttle',
    'server/src/tracker/sessions.ts',
    'cell.fold(now)\n    return this.#tell(cell)',
    'return false',
  ),
  bug(
    'an end waits for the throttle',
    'server/src/tracker/sessions.ts',
    'this.#options.facts.ended(cell)',
    'this.#options.clock.after(1_000, () => this.#options.facts.ended(cell))',
  ),
  bug(
    'a state is laid over the one before',
    'client/src/sessions/view.ts',
    "return known.status === 'active' ? { snapshot, log",
    "return known.status === 'active' ? { snapshot: { ...snapshot, metadata: { ...snapshot.metadata, ...known.metadata } }, log",
  ),
  bug(
    'an update after the end is taken',
    'server/src/progressTracker.ts',
    "if (cell === undefined || cell.snapshot.status !== 'active')",
    'if (cell === undefined)',
  ),
  bug(
    'a watch that is mounted anew is told the end again',
    'client/src/sessions/sessionStore.ts',
    'if (this.#heard.tell(session.id, epoch)) tellAll',
    'tellAll',
  ),
  bug('positions are never compared', 'client/src/connection/syncer.ts', 'if (!link || !what) return', 'return'),
  bug('no lease', 'server/src/backend/lease.ts', 'void this.#look()\n', ''),

  bug(
    'a revocation forgets the connections',
    'server/src/auth/recheck.ts',
    "if (isOf(connection.caller, whose)) this.#end(connection, 'REVOKED')",
    '',
  ),
  bug(
    'a revocation is not told to the other processes',
    'server/src/serve.ts',
    'await inTime(clock, node.backend.send(message))',
    'await Promise.resolve()',
  ),
  bug(
    'anybody may see everything',
    'server/src/auth/ownership.ts',
    "return owner === null ? verb === 'view' : owner === caller.userId",
    "return verb === 'view' || owner === caller.userId",
  ),
  bug(
    'whose it is, is not asked by a poll',
    'server/src/viewing/desk.ts',
    'return entry && (await this.maySee(caller, entry)) ? entry.snapshot : null',
    'return entry?.snapshot ?? null',
  ),
  bug('a leave does not leave', 'server/src/socket/watches.ts', 'if (watch) this.#drop(watch)', ''),
  bug(
    'a room is not left',
    'server/src/socket/rooms.ts',
    'void Promise.resolve(socket.leave(room)).catch(() => {})',
    '',
  ),
  bug(
    'the epoch is passed over, the revision alone counts',
    'protocol/src/position.ts',
    'if (a.epoch === b.epoch) return a.revision - b.revision',
    'if (a.epoch || b.epoch) return a.revision - b.revision',
  ),
  bug(
    'the newest waits no more after a write that failed',
    'server/src/backend/mirror.ts',
    'since.entry ??= pending.entry',
    'since.entry = pending.entry',
  ),
  bug(
    'a write that failed is not tried again',
    'server/src/backend/mirror.ts',
    'for (const sessionId of [...this.#pending.keys()]) this.#write(sessionId)',
    '',
  ),
  bug(
    'the first change that is heard goes past who watches',
    'server/src/progressTracker.ts',
    'entry.snapshot.revision > 1 && broadcast.changed(entry)',
    'undefined',
  ),
  bug('flush does not wait', 'server/src/node.ts', 'await this.#mirror.flush()', ''),
]

function bug(name: string, file: string, find: string, replace: string): PlantedBug {
  return { name, patches: [patch(file, find, replace)] }
}

function patch(file: string, find: string, replace: string): PlantedBug['patches'][number] {
  return { file: `packages/${file}`, find, replace }
}
