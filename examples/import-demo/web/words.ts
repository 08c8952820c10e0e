// Words for the connection badge and for the result, for both tabs alike.
import type { WebSocketClient } from '@progress/client'
import type { ResultOf } from '@progress/protocol'
import type { importCsv } from '../operations'

const WORDS = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Live',
  reconnecting: 'Reconnecting…',
  polling: 'Without sockets',
  refused: 'Refused',
  closed: 'Closed',
} as const
const WAYS = { websocket: 'WebSocket', 'long-polling': 'long polling', sse: 'event stream', poll: 'polling' } as const

/** `Live (WebSocket)` */
export function connectionWords({ status, transport }: WebSocketClient['connection']): string {
  return transport ? `${WORDS[status]} (${WAYS[transport]})` : WORDS[status]
}

/** `49,980 rows: DE 7,140, FR …; 20 were left out.` */
export function resultWords({ inserted, rejected, countries }: ResultOf<typeof importCsv>): string {
  const most = Object.entries(countries).map(([country, rows]) => `${country} ${rows.toLocaleString('en')}`)
  return `${inserted.toLocaleString('en')} rows: ${most.join(', ')}. ${rejected} left out.`
}
