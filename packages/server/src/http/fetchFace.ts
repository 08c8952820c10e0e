// The core behind fetch's Request and Response: Next.js, Hono, and any test without a port.
import { bearerOf } from '../auth/headers'
import type { Signals } from '../observe/signals'
import type { Core } from './core'
import { type OpenStream, type Plain, type Reply, refuse, type Sink, type Streaming } from './reply'
import { readTarget } from './request'
import type { Visit, Visits } from './visits'

/** Written and not read yet, before the stream is held back. */
const BUFFER_BYTES = 65_536

/** A handler for fetch. It never rejects. */
export function fetchFace(core: Core, visits: Visits, signals: Signals, endpoint?: string) {
  return async (request: Request): Promise<Response> => {
    const { method, headers, signal } = request
    const visit = visits.begin()
    const leave = (): void => visit.leave()
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    const done = (): void => {
      signal.removeEventListener('abort', leave)
      leave()
    }
    try {
      const token = bearerOf(headers)
      const host = headers.get('host') ?? new URL(request.url).host
      const auth = { headers, ...(token !== undefined && { token }) }
      const asked = { method, ...readTarget(request.url, endpoint), headers, host, auth }
      const reply = await core.answer(asked, visit)
      return respond(reply, request, visit, done)
    } catch (cause) {
      signals.tell('handler-failed', { where: 'http', cause })
      done()
      return plain(refuse('HANDLER_ERROR'), method)
    }
  }
}

function respond(reply: Reply, { method, signal }: Request, visit: Visit, done: () => void): Response {
  if (reply.kind === 'stream' && method !== 'HEAD' && visit.over !== 'left') return openStream(reply, signal, done)
  done()
  return reply.kind === 'plain' ? plain(reply, method) : new Response(null, init(reply))
}

function plain(reply: Plain, method: string): Response {
  return new Response(method === 'HEAD' ? null : reply.body, init(reply))
}

function init({ status, headers }: Reply): ResponseInit {
  return { status, headers: { ...headers } }
}

function openStream(reply: Streaming, signal: AbortSignal, done: () => void): Response {
  let stream: OpenStream | undefined
  let sink: EndingSink | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal.addEventListener('abort', () => controller.error(signal.reason), { once: true })
        sink = sinkOf(controller, done)
        stream = reply.open(sink)
      },
      pull() {
        if (!sink?.endIfRead()) stream?.drained()
      },
      cancel: done,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  )
  return new Response(body, init(reply))
}

/** A sink that ends when its last word is read, not when it was written. */
interface EndingSink extends Sink {
  /** Asked each time the reader has taken something: was that the end? */
  endIfRead(): boolean
}

/** What is written goes into the stream's own buffer, which says when it is full. */
function sinkOf(controller: ReadableStreamDefaultController<Uint8Array>, done: () => void): EndingSink {
  const encoder = new TextEncoder()
  let isEnding = false
  const endIfRead = (): boolean => {
    if (!isEnding || controller.desiredSize !== BUFFER_BYTES) return false
    controller.close()
    void Promise.resolve().then(done) // whoever ends it still sets the deadline that this takes away
    return true
  }
  return {
    endIfRead,
    write(text) {
      controller.enqueue(encoder.encode(text))
      return (controller.desiredSize ?? 0) > 0
    },
    end() {
      isEnding = true
      endIfRead()
    },
    destroy() {
      controller.error(new Error('The reader took nothing any more'))
      done()
    },
  }
}
