// One sentence per message: what it says, for the documents that people read.
import type { CommandName, ServerEventName } from '../names'

/** What each event tells. */
export const EVENT_SUMMARIES: Readonly<Record<ServerEventName, string>> = Object.freeze({
  'progress-status': 'The whole state of a session, on a join and for a session that was made after the join.',
  'progress-update': 'A session goes on.',
  'progress-complete': 'A session is done.',
  'progress-error': 'A session has failed.',
  'progress-cancelled': 'A session was stopped, and has stopped.',
  'progress-log': "Output lines of a session's job, numbered and in order.",
  'progress-batch': 'All changed sessions of an owner.',
  'progress-gone': 'A session is kept no longer, or is no longer yours to see.',
  'progress-bye': 'Said before the server disconnects; best effort.',
  'application-error': 'A command without acknowledgement failed.',
})

/** What each command asks for. */
export const COMMAND_SUMMARIES: Readonly<Record<CommandName, string>> = Object.freeze({
  'join-progress': 'Watch a session.',
  'leave-progress': 'Watch a session no longer.',
  'cancel-progress': 'Ask for a session to stop; the answer says that it was asked, not that it has stopped.',
  'list-progress': "The caller's own sessions; enters or leaves the room of them.",
  'sync-progress': 'Compare positions; only what is behind is sent again.',
})
