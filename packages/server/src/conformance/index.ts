// For authors of a backend: the contract that it has to keep, as facts that any test runner can run.
export { backendContract } from './backendContract'
export type { BackendContractOptions } from './bench'
export type { Fact } from './fact'
