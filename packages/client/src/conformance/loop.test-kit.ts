// A transport both ends of which are in one process: what is said arrives a moment later, in its order, as JSON.
import type {
  Clock,
  CommandAnswer,
  CommandArgs,
  CommandName,
  Transport,
  TransportLink,
  TransportListener,
} from '@progress/protocol/wire'
import type { FarLine, Heard, Luck, TransportAndServer } from './farEnd'

/** A new one. */
export function loop(clock: Clock): TransportAndServer {
  const lines: LoopLine[] = []
  let luck: Luck = 'taken'
  const transport: Transport = {
    '~transport': 1,
    clock,
    onWake: () => () => {},
    open(listener) {
      const link = new LoopLink(listener)
      queueMicrotask(() => {
        if (link.isOver) return
        if (luck === 'taken') lines.push(link.stand())
        else link.end(luck === 'broken' ? {} : luck)
      })
      return link
    },
  }
  const server = {
    lines,
    meet(next: Luck) {
      luck = next
    },
  }
  return { transport, server }
}

class LoopLink implements TransportLink {
  readonly #listener: TransportListener
  readonly #early: (() => void)[] = []
  #line: LoopLine | undefined
  isOver = false

  constructor(listener: TransportListener) {
    this.#listener = listener
  }

  send<C extends CommandName>(command: C, args: CommandArgs<C>, answer?: (answer: CommandAnswer<C>) => void): void {
    if (this.isOver) return
    const line = this.#line
    if (!line) {
      this.#early.push(() => this.send(command, args, answer))
      return
    }
    let isAnswered = false
    line.hear({
      command,
      args: copyOf(args),
      answer: (value) => {
        if (isAnswered) return
        isAnswered = true
        this.arrive(() => answer?.(copyOf(value) as never))
      },
    })
  }

  close(): void {
    this.isOver = true
    if (this.#line) this.#line.isOpen = false
  }

  stand(): LoopLine {
    this.#line = new LoopLine(this)
    this.#listener.opened()
    for (const send of this.#early.splice(0)) send()
    return this.#line
  }

  say(name: string, payload: unknown): void {
    const said = copyOf(payload)
    this.arrive(() => this.#listener.event(name, said))
  }

  end(why: Parameters<TransportListener['closed']>[0]): void {
    this.arrive(() => {
      this.close()
      this.#listener.closed(why)
    })
  }

  arrive(happen: () => void): void {
    queueMicrotask(() => {
      if (!this.isOver) happen()
    })
  }
}

class LoopLine implements FarLine {
  readonly heard: Heard[] = []
  readonly #link: LoopLink
  isOpen = true

  constructor(link: LoopLink) {
    this.#link = link
  }

  hear(heard: Heard): void {
    this.heard.push(heard)
  }

  say(name: string, payload: unknown): void {
    if (this.isOpen) this.#link.say(name, payload)
  }

  drop(): void {
    this.bye()
  }

  bye(why: Parameters<FarLine['bye']>[0] | undefined = undefined): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#link.end(why ?? {})
  }
}

function copyOf<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T)
}
