// From the options to the ways to the server, in order of preference.
import { systemClock, type Transport, type TransportLink, type TransportListener } from '@progress/protocol/wire'
import type { ClientOptions, WayName } from '../options'
import { Address } from './address'
import { PollLink } from './poll'
import { Requests } from './requests'
import { SocketDialer } from './socket'
import { SseLink } from './sse'
import { POLL_CAP_MS, PUSH_CAP_MS, type TransportOfWays, type Way } from './way'

/** What the ways tell. */
export interface WaysParts {
  /** How it is connected has changed. */
  changed(): void
}

/** The ways, and the dialer of the one that is Socket.IO. */
export interface Ways {
  readonly ways: readonly Way[]
  readonly dialer: SocketDialer | undefined
}

const DEFAULT_WAYS: readonly WayName[] = ['socket', 'sse', 'poll']

/** Makes them; nothing is dialled yet. Throws a `TypeError` where the options name none. */
export function makeWays(options: ClientOptions, parts: WaysParts): Ways {
  const { transport = DEFAULT_WAYS } = options
  if (isTransport(transport)) return { ways: ownWays(transport), dialer: undefined }
  const names = [...new Set(transport)]
  const unknown = names.find((name) => !DEFAULT_WAYS.includes(name))
  if (names.length === 0 || unknown !== undefined) {
    throw new TypeError(
      `\`transport\` names ${unknown ?? 'nothing'}: give 'socket', 'sse' and 'poll' in the order wanted`,
    )
  }
  const { url, endpoint = '/api/progress', path = '/socket.io', allowInsecure = false } = options
  const address = new Address({ url, endpoint, allowInsecure })
  const auth = options.auth && authOf(options.auth)
  const requests = new Requests({ address, clock: systemClock, auth: auth ?? (async () => null) }, auth === undefined)
  const http = { clock: systemClock, requests }
  const dialer = names.includes('socket') ? new SocketDialer({ address, path, auth, ...parts }) : undefined
  const ways = names.map((name) => {
    if (name === 'sse') return httpWay(name, PUSH_CAP_MS, (listener) => new SseLink(http, listener))
    if (name === 'poll') return httpWay(name, POLL_CAP_MS, (listener) => new PollLink(http, listener))
    return dialer && socketWay(dialer)
  })
  return { ways: ways.filter((way) => way !== undefined), dialer }
}

function socketWay(dialer: SocketDialer): Way {
  const transport = asTransport((listener) => dialer.open(listener))
  return { name: 'socket', transport, isHttp: false, capMs: PUSH_CAP_MS, via: () => dialer.via() }
}

function httpWay(name: 'sse' | 'poll', capMs: number, open: Transport['open']): Way {
  return { name, transport: asTransport(open), isHttp: true, capMs, via: () => name }
}

/** What a test or the app brings along. */
function ownWays(transport: Transport | TransportOfWays): readonly Way[] {
  if ('~ways' in transport) return transport['~ways']
  return [{ name: 'transport', transport, isHttp: false, capMs: PUSH_CAP_MS, via: () => null }]
}

function asTransport(open: (listener: TransportListener) => TransportLink): Transport {
  return { '~transport': 1, clock: systemClock, open, onWake: () => () => {} }
}

function isTransport(transport: ClientOptions['transport']): transport is Transport {
  return typeof transport === 'object' && '~transport' in transport
}

/** A token that is no text counts as none; what throws rejects. */
function authOf(auth: NonNullable<ClientOptions['auth']>): () => Promise<string | null> {
  return async () => {
    const token = await auth()
    return typeof token === 'string' && token !== '' ? token : null
  }
}
