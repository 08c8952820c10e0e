// Everything that the elements say, in English; a page replaces what it likes.

/** All texts of the elements. What is composed of values is a function. */
export interface ProgressTexts {
  /** Heading, where no `label` was given. */
  readonly title: (operation: string) => string
  /** The id is not known yet. */
  readonly waiting: string
  /** Nobody works on it yet, or between two attempts. */
  readonly queued: (attempt: number) => string
  /** It runs, and the job says neither message nor phase. */
  readonly working: string
  readonly completed: (duration: string) => string
  readonly failed: string
  readonly cancelled: string
  /** Not there, not yours, or kept no longer. */
  readonly gone: string
  readonly units: (current: string, total: string) => string
  readonly rate: (amount: string) => string
  readonly eta: (duration: string) => string
  readonly reconnecting: string
  readonly polling: string
  /** Nothing is known, for the server refused the connection. */
  readonly refused: string
  /** What to do about it. */
  readonly refusedHint: string
  /** The process that works has not been heard of for a while. */
  readonly quiet: string
  /** The process that works is taken for dead. */
  readonly lost: string
  readonly cancel: string
  /** Cancelling was asked for; the job has not stopped yet. */
  readonly cancelling: string
  /** The job cannot be cancelled for the moment. */
  readonly shielded: string
  /** Closes the modal; the work goes on. */
  readonly hide: string
  /** Closes the modal after the end. */
  readonly close: string
  readonly log: string
  /** So many log lines are gone for good. */
  readonly gap: (lines: number) => string
  readonly reference: (reference: string) => string
  /** After an error that may pass. */
  readonly retryable: string
  /** A step that is behind us, for those who do not see the tick. */
  readonly done: string
  readonly tray: string
  readonly running: (count: string) => string
  readonly empty: string
}

/** The texts where a page replaces none. */
export const TEXTS: ProgressTexts = Object.freeze({
  title: (operation: string) => {
    const words = operation.replace(/[-_.:\s]+/g, ' ').trim()
    return words ? words[0]?.toUpperCase() + words.slice(1) : 'Progress'
  },
  waiting: 'Waiting for it to start…',
  queued: (attempt: number) => (attempt > 1 ? 'Will be tried again soon' : 'In the queue'),
  working: 'Working…',
  completed: (duration: string) => (duration ? `Completed in ${duration}` : 'Completed'),
  failed: 'Failed',
  cancelled: 'Cancelled',
  gone: 'No longer available',
  units: (current: string, total: string) => (total ? `${current} of ${total}` : current),
  rate: (amount: string) => `${amount}/s`,
  eta: (duration: string) => `about ${duration} left`,
  reconnecting: 'Reconnecting… The work goes on.',
  polling: 'No live connection. Updates may come a little later.',
  refused: 'Access refused',
  refusedHint: 'The server refused the connection. Sign in again, then reload this page.',
  quiet: 'No news from the worker for a while.',
  lost: 'The worker does not answer. The work may have stopped.',
  cancel: 'Cancel',
  cancelling: 'Cancelling…',
  shielded: 'Cannot cancel now',
  hide: 'Run in background',
  close: 'Close',
  log: 'Log',
  gap: (lines: number) => `… ${lines} earlier lines are not kept`,
  reference: (reference: string) => `Reference ${reference}`,
  retryable: 'You can try again.',
  done: 'done',
  tray: 'Progress',
  running: (count: string) => `${count} running`,
  empty: 'Nothing is running.',
})
