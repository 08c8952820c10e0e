// Runs that once showed something wrong, in the product or in a first draft of it, as they were written down: each is run
// again by the gate.

/** A run, and what it showed. */
export const REGRESSIONS: Readonly<Record<string, string>> = {
  'the first change that a restarted process heard of went past who had joined there':
    'watch(1,0),crash(1),start(0,0,0),update(0,0)',
  'who began to work after a time without work was given up for the old silence':
    'deaf(1),start(0,1,0),complete(0),tick(8),start(1,1,0),tick(6),cancel(0)',
  'an end that nobody heard was lost where the process had been called quiet meanwhile':
    'start(1,0,0),away(0),late(0),watch(0,1),poll(0),complete(1),tick(7)',
  'an id was gone for who waited, by an answer from before an outage': 'watch(0,1),away(0),start(1,1,0),tick(8)',
  'an end that could not be stored yet was hidden from who came to its process':
    'drop(1),away(1),start(0,1,0),complete(0),tick(6),watch(1,0),tick(3),start(1,0,0)',
  'an id was gone for who had joined it where the store was out of reach, by the answer of another way':
    'crash(1),tick(4),tick(6),restart(1),connect(0,0),slow(1),watch(0,1),connect(0,0),watch(1,1),connect(0,1),away(1),start(1,0,0),tick(8)',
}
