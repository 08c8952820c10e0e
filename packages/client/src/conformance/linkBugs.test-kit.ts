// Bugs to plant in a dial: in how it is told, and in how it ends.
import type { Dial } from './over.test-kit'

/** Bugs of dials and their ends, by their name. */
export const linkBugs: Readonly<Record<string, (dial: Dial) => Partial<Dial>>> = Object.freeze({
  'opened() is told inside open()': ({ opened }) => {
    opened()
    return { opened() {} }
  },
  'opened() is told twice': ({ opened }) => ({
    opened() {
      opened()
      opened()
    },
  }),
  'a dial that breaks is told as opened, then closed': ({ opened, closed }) => {
    let isOpen = false
    return {
      opened() {
        isOpen = true
        opened()
      },
      closed(why) {
        if (!isOpen) opened()
        closed(why)
      },
    }
  },
  'a dial that breaks is never told': ({ opened, closed }) => {
    let isOpen = false
    return {
      opened() {
        isOpen = true
        opened()
      },
      closed: (why) => (isOpen || why.code) && closed(why),
    }
  },
  'a line that breaks is never told': ({ closed }) => ({ closed: (why) => why.code && closed(why) }),
  'closed() is told twice': ({ closed }) => ({
    closed(why) {
      closed(why)
      queueMicrotask(() => closed(why))
    },
  }),
  'closed() is told for close(), too': ({ close, closed }) => ({
    close() {
      close()
      queueMicrotask(() => closed({}))
    },
  }),
  'the code is lost': ({ closed }) => ({ closed: ({ code: _, ...why }) => closed(why) }),
  'a line that breaks is told as a refusal': ({ closed }) => ({
    closed: (why) => closed({ code: 'UNAUTHENTICATED', ...why }),
  }),
  'when to come back is lost': ({ closed }) => ({ closed: ({ retryAfterMs: _, ...why }) => closed(why) }),
  'a goodbye is told as an event, too': ({ event, closed }) => ({
    closed(why) {
      if (why.code === 'DRAINING') event('progress-bye', why)
      closed(why)
    },
  }),
  'events go on after closed()': ({ event, closed }) => ({
    closed(why) {
      closed(why)
      queueMicrotask(() => event('progress-update', {}))
    },
  }),
  'events go on after close()': () => ({ close() {} }),
  'close() does not hang up': (dial) => {
    let isOver = false
    return {
      opened: () => !isOver && dial.opened(),
      closed: (why) => !isOver && dial.closed(why),
      event: (name, payload) => !isOver && dial.event(name, payload),
      send: (command, args, answer) => !isOver && dial.send(command, args, (value) => !isOver && answer?.(value)),
      close() {
        isOver = true
      },
    }
  },
  'a second close() throws': ({ close }) => {
    let isClosed = false
    return {
      close() {
        if (isClosed) throw new Error('this link is closed')
        isClosed = true
        close()
      },
    }
  },
  'close() after closed() throws': ({ close, closed }) => {
    let isClosed = false
    return {
      close() {
        if (isClosed) throw new Error('this link is closed')
        close()
      },
      closed(why) {
        isClosed = true
        closed(why)
      },
    }
  },
  'what is sent after close() throws': ({ close, send }) => {
    let isClosed = false
    return {
      close() {
        isClosed = true
        close()
      },
      send(command, args, answer) {
        if (isClosed) throw new Error('this link is closed')
        send(command, args, answer)
      },
    }
  },
})
