// Every message of the wire under one name: what `decode` reads, what the JSON Schemas and the AsyncAPI document describe.
import type * as z from 'zod'
import { type CommandAnswer, type CommandArgs, commandSchemas } from './commands'
import { type EventPayload, eventSchemas } from './events'
import { Json } from './json'
import { COMMANDS, type CommandName, type ServerEventName } from './names'

/** An event, a command (its payload is the list of its arguments), or `COMMAND:answer`. */
export type MessageName = ServerEventName | CommandName | `${CommandName}:answer`

/** What a message carries. */
export type MessagePayload<N extends MessageName> = N extends ServerEventName
  ? EventPayload<N>
  : N extends CommandName
    ? CommandArgs<N>
    : N extends `${infer C extends CommandName}:answer`
      ? CommandAnswer<C>
      : never

/** The name of a message -> its schema. */
export const messageSchemas: Readonly<Record<MessageName, z.ZodType>> = Object.freeze({
  ...eventSchemas,
  ...byCommand((name) => ({ [name]: commandSchemas[name].args.rest(Json) })),
  ...byCommand((name) => ({ [`${name}:answer`]: commandSchemas[name].answer })),
}) as Record<MessageName, z.ZodType>

/** All names, in the order of the protocol page. */
export const messageNames = Object.freeze(Object.keys(messageSchemas)) as readonly MessageName[]

/** Is this the name of a message? */
export function isMessageName(name: unknown): name is MessageName {
  return typeof name === 'string' && Object.hasOwn(messageSchemas, name)
}

function byCommand(entry: (name: CommandName) => Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.assign({}, ...COMMANDS.map(entry)) as Record<string, z.ZodType>
}
