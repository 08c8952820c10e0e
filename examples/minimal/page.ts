// The page's side: one watch. It connects, falls back, comes back and catches up by itself.
import { WebSocketClient } from '@progress/client'

const bar = document.querySelector('progress')
const text = document.querySelector('output')

new WebSocketClient().watch('import').subscribe((state) => {
  if (bar) bar.value = state.progress
  if (!text) return
  if (state.status === 'active') text.value = `${state.message}: ${state.current ?? 0} of ${state.total} ${state.unit}`
  if (state.status === 'completed') text.value = `Done in ${state.duration} ms`
  if (state.status === 'gone') text.value = 'No import is running.'
})
