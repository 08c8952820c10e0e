// A transport around another, with some of what each dial does and tells replaced.
import type { CommandName, Transport, TransportClose, TransportLink } from '@progress/protocol/wire'

/** Whatever a command is answered with. */
type Answer = (value: { readonly success?: true }) => unknown

/** One dial: what is told of it, and what is done with it. */
export interface Dial {
  opened(): unknown
  closed(why: TransportClose): unknown
  event(name: string, payload: unknown): unknown
  send(command: CommandName, args: readonly unknown[], answer?: Answer): unknown
  close(): unknown
}

/** A transport each dial of which is partly replaced. */
export function over(good: Transport, change: (dial: Dial) => Partial<Dial>): Transport {
  return {
    ...good,
    open(listener) {
      let link: Pick<Dial, 'send' | 'close'> | undefined
      const dial: Dial = {
        opened: () => listener.opened(),
        closed: (why) => listener.closed(why),
        event: (name, payload) => listener.event(name, payload),
        send: (...sent) => link?.send(...sent),
        close: () => link?.close(),
      }
      const { opened, closed, event, send, close } = { ...dial, ...change(dial) }
      link = good.open({
        opened: () => void opened(),
        closed: (why) => void closed(why),
        event: (name, payload) => void event(name, payload),
      }) as Pick<Dial, 'send' | 'close'>
      return { send, close } as TransportLink
    },
  }
}
