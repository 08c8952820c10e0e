// Bugs to plant in a dial: in what is told over it, what is sent, and what is answered.
import type { Dial } from './over.test-kit'

/** Bugs of events, commands and answers, by their name. */
export const messageBugs: Readonly<Record<string, (dial: Dial) => Partial<Dial>>> = Object.freeze({
  'an event is lost': ({ event }) => {
    let told = 0
    return { event: (name, payload) => ++told !== 3 && event(name, payload) }
  },
  'an event is told twice': ({ event }) => ({
    event(name, payload) {
      event(name, payload)
      event(name, payload)
    },
  }),
  'an event overtakes another': ({ event }) => {
    let told = 0
    return {
      event(name, payload) {
        const tell = () => event(name, payload)
        if (++told === 2) queueMicrotask(() => queueMicrotask(tell))
        else tell()
      },
    }
  },
  'a payload loses its lists': ({ event }) => ({
    event: (name, payload) => event(name, JSON.parse(JSON.stringify(payload).replaceAll('[]', '{}'))),
  }),
  'a long payload is cut off': ({ event }) => ({
    event: (name, payload) => event(name, JSON.parse(JSON.stringify(payload).replace(/x{16000}/, ''))),
  }),
  'an end is told as a state': ({ event }) => ({
    event: (name, payload) => event(name === 'progress-complete' ? 'progress-update' : name, payload),
  }),
  'what is sent before the link stands is lost': ({ opened, send }) => {
    let isOpen = false
    return {
      opened() {
        isOpen = true
        opened()
      },
      send: (...sent) => isOpen && send(...sent),
    }
  },
  'what is sent before the link stands is sent backwards': ({ opened, send }) => {
    let early: (() => void)[] | undefined = []
    return {
      opened() {
        opened()
        for (const say of early?.reverse() ?? []) say()
        early = undefined
      },
      send: (...sent) => (early ? void early.push(() => send(...sent)) : send(...sent)),
    }
  },
  'a command is sent twice': ({ send }) => ({
    send(command, args, answer) {
      send(command, args, answer)
      send(command, args)
    },
  }),
  'arguments beyond the first are lost': ({ send }) => ({
    send: (command, args, answer) => send(command, args.slice(0, 1), answer),
  }),
  'an answer comes twice': ({ send }) => ({
    send: (command, args, answer) =>
      send(command, args, (value) => {
        answer?.(value)
        answer?.(value)
      }),
  }),
  'an answer comes to whoever asked first': ({ send }) => {
    const waiting: Parameters<typeof send>[2][] = []
    return {
      send(command, args, answer) {
        waiting.push(answer)
        send(command, args, (value) => waiting.shift()?.(value))
      },
    }
  },
  'an answer that says no is lost': ({ send }) => ({
    send: (command, args, answer) => send(command, args, (value) => 'success' in value && answer?.(value)),
  }),
  'a command without an answer throws': ({ send }) => ({
    send(command, args, answer) {
      if (!answer) throw new TypeError('answer is not a function')
      send(command, args, answer)
    },
  }),
  'commands wait for the answer to the one before': ({ send }) => {
    let before = Promise.resolve()
    return {
      send(command, args, answer) {
        const sent = before
        before = new Promise((resolve) => {
          const told = (value: { success?: true }): void => {
            resolve()
            answer?.(value)
          }
          void sent.then(() => send(command, args, told))
        })
      },
    }
  },
  'an answer comes after close()': ({ opened, closed, event, close }) => {
    let isOver = false
    return {
      opened: () => !isOver && opened(),
      closed: (why) => !isOver && closed(why),
      event: (name, payload) => !isOver && event(name, payload),
      close() {
        isOver = true
        queueMicrotask(() => queueMicrotask(close))
      },
    }
  },
  'what is not answered when the line breaks is refused': ({ closed, send }) => {
    const waiting: Parameters<typeof send>[2][] = []
    return {
      closed(why) {
        closed(why)
        for (const answer of waiting) answer?.({})
      },
      send(command, args, answer) {
        waiting.push(answer)
        send(command, args, answer)
      },
    }
  },
})
