// A client of ioredis that rewrites the scripts that are sent by it: a bug planted where Lua is written.

type Duplicable = { duplicate(): unknown }

/** What of it is used, beside what it hands on. */
interface Calling extends Duplicable {
  call(...command: string[]): Promise<unknown>
  subscribe(channel: string): Promise<unknown>
  disconnect(): void
}

/** The client, by which each `from` in a script is a `to`; and how many scripts were changed by that. */
export function rewriting(client: Duplicable, from: string, to: string) {
  const good = client as Calling
  let changed = 0
  const call = (command: string, text: string, ...rest: string[]): Promise<unknown> => {
    // Under its name Redis has the good one: asked for by that, it is not known, and is sent again.
    if (command === 'evalsha') return Promise.reject(new Error('NOSCRIPT planted'))
    if (text.includes(from)) changed += 1
    return good.call(
      command,
      text.replace(from, () => to),
      ...rest,
    )
  }
  const planted = {
    call,
    duplicate: () => good.duplicate(),
    subscribe: (channel: string) => good.subscribe(channel),
    disconnect: () => good.disconnect(),
  }
  return { client: planted, rewritten: () => changed }
}
