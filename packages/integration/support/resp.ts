// The wire of Redis, as far as a test needs it to ask without a client library.
import { once } from 'node:events'
import { connect } from 'node:net'

/** What Redis answers to one command: a text, a number as text, or nothing. */
export type Reply = string | null

const ANSWER_WITHIN_MS = 5_000

/** Sends commands over one connection and gives their replies, in order. Rejects with Redis's own words on an error. */
export async function askRedis(url: string, ...commands: readonly (readonly string[])[]): Promise<Reply[]> {
  const { hostname, port, username, password } = new URL(url)
  const login = password ? [['AUTH', ...(username ? [username] : []), decodeURIComponent(password)]] : []
  const all = [...login, ...commands]
  const socket = connect(Number(port || 6379), hostname)
  socket.setTimeout(ANSWER_WITHIN_MS, () =>
    socket.destroy(new Error(`Redis did not answer within ${ANSWER_WITHIN_MS} ms`)),
  )
  try {
    await once(socket, 'connect')
    socket.write(all.map(encode).join(''))
    let received = Buffer.alloc(0)
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer])
      const replies = parseReplies(received)
      if (replies.length === all.length) return replies.slice(login.length)
    }
    throw new Error('Redis closed the connection')
  } finally {
    socket.destroy()
  }
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** The replies that have arrived whole. */
function parseReplies(bytes: Buffer): Reply[] {
  const replies: Reply[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return replies
    const mark = bytes.toString('latin1', at, at + 1)
    const line = bytes.toString('utf8', at + 1, lineEnd)
    at = lineEnd + 2
    if (mark === '-') throw new Error(`Redis: ${line}`)
    if (mark !== '$' || line === '-1') {
      replies.push(mark === '$' ? null : line)
      continue
    }
    const end = at + Number(line)
    if (bytes.length < end + 2) return replies
    replies.push(bytes.toString('utf8', at, end))
    at = end + 2
  }
}
