// The page's side: the same words without a schema library. What is older than what is shown is passed over.
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
  text.value =
    next.status === 'completed' ? `Done in ${next.duration} ms` : `${next.current} of ${next.total} ${next.unit}`
}

socket.on('progress-update', show)
socket.on('progress-complete', show)
socket.on('connect', () => {
  socket.emit('join-progress', 'import', null, (answer) => {
    if ('status' in answer) show(answer.status)
    else if (text) text.value = answer.error.message
  })
})
