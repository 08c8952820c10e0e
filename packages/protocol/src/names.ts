// What the wire calls things, and what the code calls them. The names are the seed's; the mapping exists once, here.

/** Server to client: the wire's name -> the name under which `client.on(...)` gives it. */
export const SERVER_EVENTS = Object.freeze({
  'progress-status': 'progressStatus',
  'progress-update': 'progress',
  'progress-complete': 'progressComplete',
  'progress-error': 'progressError',
  'progress-cancelled': 'progressCancelled',
  'progress-log': 'progressLog',
  'progress-batch': 'progressBatch',
  'progress-gone': 'progressGone',
  'progress-bye': 'progressBye',
  'application-error': 'applicationError',
})

/** The wire's name of an event that the server sends. */
export type ServerEventName = keyof typeof SERVER_EVENTS

/** Client to server: the commands, in the wire's names. */
export const COMMANDS = Object.freeze([
  'join-progress',
  'leave-progress',
  'cancel-progress',
  'list-progress',
  'sync-progress',
] as const)

/** The wire's name of a command that a client sends. */
export type CommandName = (typeof COMMANDS)[number]

/** Is this the name of an event that the server sends? */
export function isServerEvent(name: unknown): name is ServerEventName {
  return typeof name === 'string' && Object.hasOwn(SERVER_EVENTS, name)
}

/** Is this the name of a command? */
export function isCommand(name: unknown): name is CommandName {
  return COMMANDS.some((command) => command === name)
}
