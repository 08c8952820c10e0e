// The name of a message, or none, comes in; a document of the wire is printed.
import { isMessageName, messageNames } from '../messages'
import { asyncApi, jsonSchemas } from '../schema/index'
import { EXIT, type Io, UsageError } from './io'

/** `schema [NAME]` and `schema --asyncapi`. Throws a `UsageError` for a name that no message has. */
export function schemaCommand(args: readonly string[], options: { readonly asyncapi: boolean }, io: Io): number {
  io.stdout.write(`${JSON.stringify(documentOf(args, options.asyncapi), null, 2)}\n`)
  return EXIT.fine
}

function documentOf([name, ...others]: readonly string[], isAsyncApi: boolean): unknown {
  if (others.length > 0) throw new UsageError('schema takes one name at most')
  if (name === undefined) return isAsyncApi ? asyncApi() : jsonSchemas()
  if (isAsyncApi) throw new UsageError('the AsyncAPI document is about all messages: leave the name out')
  if (!isMessageName(name)) throw new UsageError(`no message is named ${name}; there are ${messageNames.join(', ')}`)
  return jsonSchemas()[name]
}
