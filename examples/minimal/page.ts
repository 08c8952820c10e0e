// The page's side by hand, without a schema library: every message is the whole state, and what is older than what is shown
// is passed over.
import {
  type ClientToServerEvents,
  comparePositions,
  type ServerToClientEvents,
  type Snapshot,
} from '@progress/protocol/wire'
import { io, type Socket } from 'socket.io-client'

const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io()
const bar = document.querySelector('progress')
const text = document.querySelector('output')
let shown: Snapshot | undefined

function show(next: Snapshot): void {
  if (shown && comparePositions(next, shown) <= 0) return
  shown = next
  if (bar) bar.value = next.progress
  if (!text) return
  const { current = 0, total = 0, unit, message } = next
  text.value =
    next.status === 'completed' ? `Done in ${next.duration} ms` : `${message}: ${current} of ${total} ${unit}`
}

socket.on('progress-status', show)
socket.on('progress-update', show)
socket.on('progress-complete', show)
socket.on('connect', () => socket.emit('join-progress', 'import'))
