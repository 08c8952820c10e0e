// A bar in the terminal, by server-sent events. What is no terminal (a file, a CI) gets plain lines without colour.
import { type ActiveSnapshot, type End, WebSocketClient } from '@progress/client'

/** Where the bar is drawn: `process.stdout`. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Follows a session to its end, and answers how it ended. */
export async function follow(url: string, id: string, screen: Screen = process.stdout): Promise<End['status']> {
  const client = new WebSocketClient({ url, transport: ['sse', 'poll'] })
  const watch = client.watch(id)
  let told = -1
  for await (const state of watch) {
    if (state.status !== 'active') break
    const tenth = Math.floor(state.progress / 10)
    if (screen.isTTY) screen.write(`\r\u001B[2K${bar(state)}`)
    else if (tenth > told) screen.write(`${words(state)}\n`)
    told = tenth
  }
  const end = await watch.finished
  client.close()
  const why = end.status === 'error' ? `: ${end.error.message}` : ''
  screen.write(`${screen.isTTY ? '\r\u001B[2K' : ''}${end.status}${why}\n`)
  return end.status
}

function bar(state: ActiveSnapshot): string {
  const full = Math.round(state.progress * 0.3)
  return `\u001B[32m${'█'.repeat(full)}\u001B[90m${'░'.repeat(30 - full)}\u001B[39m ${words(state)}`
}

function words({ progress, message = '', etaMs }: ActiveSnapshot): string {
  const left = etaMs === undefined ? '' : `, ${Math.ceil(etaMs / 1_000)} s left`
  return `${Math.round(progress)} % ${message}${left}`
}
