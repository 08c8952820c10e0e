// What streams and long polls read from: one set for the whole endpoint.
import type { Node } from '../node'
import type { Desk } from '../viewing/desk'
import type { Encoder } from './frame'
import type { Hub } from './hub'

/** Where states come from, and who may see them. */
export interface Sources {
  readonly node: Node
  readonly desk: Desk
  readonly hub: Hub
  readonly encoder: Encoder
}
