// A listener of the app's that throws: the others hear what they should, and the error shows where a page's errors show.

/** Calls it; what it throws goes to the page's error handler, never to the caller. */
export function safely(run: () => void): void {
  try {
    run()
  } catch (error) {
    // Node has no such function: there the error is the listener's own business.
    if (typeof reportError === 'function') reportError(error)
  }
}

/** Calls each of them, also those after one that throws. Who unsubscribes meanwhile is not called any more. */
export function tellAll<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) if (listeners.has(listener)) safely(() => listener(value))
}
