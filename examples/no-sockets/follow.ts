// The viewer's side, the same in a page and in Node: no socket is ever dialled.
import { WebSocketClient } from '@progress/client'

/** Follows a session to its end: by one stream of server-sent events, or by polling where streams are cut. */
export async function follow(url: string, id: string, say: (line: string) => void): Promise<string> {
  const client = new WebSocketClient({ url, transport: ['sse', 'poll'] })
  const watch = client.watch(id)
  watch.subscribe((state) => {
    if (state.status === 'active') say(`${client.connection.transport} ${state.progress} % ${state.message ?? ''}`)
  })
  const end = await watch.finished
  client.close()
  return end.status
}
