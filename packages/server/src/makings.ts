// What a session begins with, checked: that of a run, and that of the seed's `createSession`.
import { randomUUID } from 'node:crypto'
import { defineOperation, type Operation, type Sanitized, sanitizeMetadata } from '@progress/protocol'
import { isGiven, requireOwner, requireSessionId, requireTotal, say } from './tracker/checks'
import { spoken } from './tracker/endings'
import type { Making } from './tracker/sessions'
import type { SessionOptions, StartOptions } from './trackerOptions'

/** Kind of a session that was made without saying what it is. */
const DEFAULT_KIND = 'work'

/** Of a run. Throws a `TypeError` where an option is unusable. */
export function makingOfRun(what: Operation | string, options: StartOptions<Operation>, asStrings: boolean): Making {
  const definition = typeof what === 'string' ? defineOperation(what) : what
  const { value, truncated } = clean(options.metadata ?? {}, asStrings)
  const metadata = sanitizeMetadata({ operation: definition.kind, ...value })
  return {
    sessionId: requireSessionId(options.id ?? randomUUID()),
    owner: requireOwner(options.owner),
    operation: definition.kind,
    definition,
    metadata: metadata.value,
    cancellable: true,
    told: true,
    allowRegress: options.allowRegress === true,
    truncated: truncated || metadata.truncated,
    ...counted(options),
    ...spoken(options.message),
  }
}

/** Of a session that is driven by hand. Throws a `TypeError` where an option is unusable. */
export function makingOfSession(
  sessionId: string,
  metadata: Record<string, unknown>,
  options: SessionOptions,
  asStrings: boolean,
): Making {
  const { value, truncated } = clean(metadata, asStrings)
  const kind = value['operation']
  return {
    sessionId: requireSessionId(sessionId),
    owner: requireOwner(options.owner ?? null),
    operation: typeof kind === 'string' && kind.length > 0 ? kind : DEFAULT_KIND,
    metadata: value,
    told: false,
    allowRegress: options.allowRegress === true,
    truncated,
    ...counted(options),
  }
}

function counted(options: SessionOptions): { total?: number; unit?: string } {
  const total = requireTotal(options.total)
  return { ...(total !== undefined && { total }), ...(isGiven(options.unit) && { unit: say(options.unit) }) }
}

function clean(metadata: unknown, asStrings: boolean): Sanitized {
  return sanitizeMetadata(metadata, asStrings ? { as: 'strings' } : {})
}
