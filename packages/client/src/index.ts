// What a page imports.

export type { ActiveSnapshot, Failure, LogLine, Snapshot } from '@progress/protocol/wire'
export { isProgressError, ProgressError } from '@progress/protocol/wire'
