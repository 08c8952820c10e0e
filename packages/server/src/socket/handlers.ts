// What the commands that wait for their turn do: each takes a connection and decoded arguments, and answers.
import { type CommandAnswer, type CommandArgs, type CommandName, refusal, type Snapshot } from '@progress/protocol'
import type { Node } from '../node'
import type { Signals } from '../observe/signals'
import type { Desk } from '../viewing/desk'
import { fitting } from '../viewing/room'
import type { Call } from './answers'
import type { Line } from './line'
import type { Listings } from './listings'
import { fromStore } from './storeFailure'
import type { Watches } from './watches'

/** What handlers work with. */
export interface HandlerParts {
  readonly node: Node
  readonly desk: Desk
  readonly signals: Signals
  readonly watches: Watches
  readonly listings: Listings
}

/** A command whose turn it is. */
export interface Turn {
  readonly line: Line
  readonly call: Call
  /** Its number among those of its connection. */
  readonly arrived: number
}

/** The commands that wait for their turn. */
export type Waiting = Exclude<CommandName, 'leave-progress'>

/** Command -> what it does. `null`: it has answered by itself. What it rejects with is answered by whoever called it. */
export type Handlers = {
  readonly [C in Waiting]: (turn: Turn, args: CommandArgs<C>) => Promise<CommandAnswer<C> | null>
}

/** The handlers of one server. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    'join-progress': (turn, args) => join(parts, turn, args),
    'cancel-progress': (turn, args) => cancel(parts, turn, args),
    'list-progress': (turn, args) => list(parts, turn, args),
    'sync-progress': (turn, args) => sync(parts, turn, args),
  }
}

async function join(
  { signals, watches }: HandlerParts,
  { call, line, arrived }: Turn,
  [sessionId, options]: CommandArgs<'join-progress'>,
): Promise<null> {
  const { connection } = line
  if (line.hasLeftSince(sessionId, arrived)) {
    if (call.hasAck) call.refuse(refusal('NOT_FOUND'))
    return null
  }
  let shown: Snapshot | undefined
  await watches.join(connection, sessionId, (decision) => {
    if ('snapshot' in decision) {
      shown = decision.snapshot
      signals.tell('joined', { sessionId, userId: connection.caller.userId })
      if (call.hasAck) call.succeed({ success: true, status: shown })
      else connection.socket.emit('progress-status', shown)
    } else if (call.hasAck || decision.code !== 'NOT_FOUND') {
      line.intake.refuse('join-progress', call, refusal(decision.code))
    }
  })
  if (shown) await watches.sendLog(connection, shown, lastLine(shown, options))
  return null
}

async function cancel(
  { desk }: HandlerParts,
  { line }: Turn,
  [sessionId, reason]: CommandArgs<'cancel-progress'>,
): Promise<CommandAnswer<'cancel-progress'>> {
  const answer = await desk.cancel(line.connection.caller, sessionId, reason ?? undefined)
  return answer.ok ? { success: true } : { error: { code: answer.code, message: answer.message } }
}

async function list(
  { desk, listings }: HandlerParts,
  { line }: Turn,
  [options]: CommandArgs<'list-progress'>,
): Promise<CommandAnswer<'list-progress'>> {
  const { connection } = line
  if (options?.watch === false) listings.leave(connection)
  else await listings.enter(connection) // before the list is read: nothing that changes meanwhile is lost
  const sessions = await fromStore(desk.list(connection.caller))
  return { success: true, sessions: [...sessions] }
}

async function sync(
  { node, desk, watches }: HandlerParts,
  { line }: Turn,
  [named, options]: CommandArgs<'sync-progress'>,
): Promise<CommandAnswer<'sync-progress'>> {
  const { connection } = line
  const { watched, awaited, caller } = connection
  connection.syncedAt = node.clock.now()
  // Only what was joined: this is no way to ask for anything else.
  const joined = Object.entries(named).filter(([id]) => watched.has(id) || awaited.has(id))
  const waited = new Set(awaited)
  const own = options?.mine === true ? named : undefined
  const synced = await fromStore(desk.sync(caller, Object.fromEntries(joined), own))
  const snapshots = fitting(synced.snapshots) // what does not fit is behind the next time, too
  // What was made while this was being read is in its room by now, and was told.
  const gone = synced.gone.filter(({ sessionId }) => !(waited.has(sessionId) && watched.has(sessionId)))
  for (const { sessionId } of gone) if (watched.has(sessionId)) watches.leave(connection, sessionId)
  for (const { sessionId } of snapshots) if (awaited.has(sessionId)) watches.lookAgain(connection, sessionId)
  return { success: true, snapshots: [...snapshots], gone }
}

/** The last log line that the client has of this life of the session. */
function lastLine(shown: Snapshot, options: CommandArgs<'join-progress'>[1]): number {
  const { position, logLine } = options ?? {}
  if (logLine === undefined) return -1
  const isSameLife = position === undefined || position.startsWith(`${shown.epoch}.`)
  return isSameLife ? logLine : -1
}
