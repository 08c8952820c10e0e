// What an app imports on its server.

export type { Failure, Operation, Snapshot } from '@progress/protocol'
export { defineOperation, ProgressError, type } from '@progress/protocol'
