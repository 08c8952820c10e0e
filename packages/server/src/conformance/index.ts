// For authors of a backend: the contracts that it has to keep, as facts that any test runner can run.

export type { Fact } from '@progress/protocol/testing'
export { backendContract } from './backendContract'
export type { BackendContractOptions } from './bench'
export { BareServer } from './delivery/bareServer'
export {
  checkDelivery,
  type DeliveryOptions,
  type DeliveryReport,
  replayDelivery,
} from './delivery/checkDelivery'
export { deliveryContract } from './delivery/deliveryContract'
export type { Viewer, ViewerPlace } from './delivery/viewer'
export type { SocketEnd } from './delivery/wire'
