// A Socket.IO server to which nobody is connected: what is sent is counted, and goes nowhere.

/** By the names that a tracker calls. */
export interface DeafServer {
  /** Events that were sent. */
  frames: number
  /** What the last one carried. */
  last: { readonly progress?: number } | undefined
  to(): DeafServer
  except(): DeafServer
  emit(event: string, payload: object): void
  use(): void
  readonly engine: object
  readonly local: DeafServer
}

/** Makes one. */
export function deafServer(): DeafServer {
  const deaf: DeafServer = {
    frames: 0,
    last: undefined,
    to: () => deaf,
    except: () => deaf,
    emit(_event, payload) {
      deaf.frames += 1
      deaf.last = payload
    },
    use: () => {},
    engine: {},
    get local() {
      return deaf
    },
  }
  return deaf
}
