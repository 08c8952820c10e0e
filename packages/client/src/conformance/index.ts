// For authors of a transport: the contract that it has to keep, as facts that any test runner can run.
export type { Fact, MovableClock } from '@progress/protocol/testing'
export type { TransportContractOptions } from './bench'
export type { Ability, FarEnd, FarLine, Heard, Luck, TransportAndServer } from './farEnd'
export { transportContract } from './transportContract'
