// For tests of either side: time that stands still, and valid messages to start from.
export { buildMessage, buildSnapshot } from './builders'
export { ManualClock } from './manualClock'
