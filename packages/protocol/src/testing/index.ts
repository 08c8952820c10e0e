// For tests of either side: time that stands still, valid messages to start from, and what conformance suites are made of.
export { buildMessage, buildSnapshot } from './builders'
export { chanceOf } from './chance'
export { alike, type Fact, hold } from './fact'
export { ManualClock } from './manualClock'
export { type MovableClock, type Pace, paceOf } from './pace'
